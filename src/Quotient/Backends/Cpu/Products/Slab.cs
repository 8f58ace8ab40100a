using System.Numerics;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// Some columns of a product over some steps of k: what is packed at once, and then multiplied by all rows of A.
/// </summary>
internal readonly unsafe struct Slab<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly StridedProduct<T> Product;
    public readonly Blocking Blocking;
    public readonly nint FirstColumn, FirstDepth;
    public readonly Panels<T> B;

    /// <summary>A, packed by all threads together, where <see cref="Blocking.ShareA"/>.</summary>
    public readonly Panels<T> A;

    public Slab(
        in StridedProduct<T> product, in Blocking blocking, Kernels<T> kernels, Scratch scratch,
        nint column, nint columns, nint k, nint depth)
    {
        (Product, Blocking) = (product, blocking);
        (FirstColumn, FirstDepth) = (column, k);

        // What lies in memory as the kernel reads it stays in place, except a last panel that ends inside a vector.
        nint panels = Blocking.CeilingDivide(columns, kernels.Columns);
        nint inPlace = columns % kernels.Lanes == 0 ? panels : panels - 1;
        B = new()
        {
            Source = product.B + (k * product.BRow) + (column * product.BColumn),
            Second = product.SecondB,
            FirstDepth = product.FirstDepth - k,
            Along = product.BColumn,
            Deep = product.BRow,
            Extent = columns,
            Depth = depth,
            BlockDepth = blocking.Depth,
            Width = kernels.Columns,
            FirstPacked = blocking.PackB ? 0 : inPlace,
        };
        A = new()
        {
            Source = product.A + (k * product.AColumn),
            Second = product.SecondA,
            FirstDepth = product.FirstDepth - k,
            Along = product.ARow,
            Deep = product.AColumn,
            Extent = blocking.ShareA ? product.Rows : 0,
            Depth = depth,
            BlockDepth = blocking.Depth,
            Width = kernels.Rows,
        };
        T* packed = scratch.Shared<T>(B.PackedLength + A.PackedLength);
        B = B with { Target = packed };
        A = A with { Target = packed + B.PackedLength };
    }
}

/// <summary>The packing of a slab.</summary>
internal readonly struct PackParts<T>(Slab<T> slab) : IParts where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => slab.B.Parts + slab.A.Parts;

    public void Run(int index, int thread)
    {
        if (index < slab.B.Parts)
        {
            slab.B.Pack(index);
        }
        else
        {
            slab.A.Pack(index - slab.B.Parts);
        }
    }
}
