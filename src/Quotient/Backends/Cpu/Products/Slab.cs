using System.Numerics;

namespace Quotient.Backends.Cpu.Products;

/// <summary>A part of B, some columns by some steps of k, and where the micro-kernel finds it: in place or packed.</summary>
internal readonly unsafe struct Slab<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly Product<T> Product;
    public readonly Blocking Blocking;
    public readonly nint FirstColumn, Columns, FirstDepth, Depth;
    private readonly nint _width, _firstPacked;
    private readonly T* _packed;

    public Slab(
        in Product<T> product, in Blocking blocking, Kernels<T> kernels, Scratch scratch, nint column, nint columns, nint k, nint depth)
    {
        (Product, Blocking) = (product, blocking);
        (FirstColumn, Columns, FirstDepth, Depth) = (column, columns, k, depth);
        _width = kernels.Columns;

        // What lies in memory as the kernel reads it stays in place, except a last panel that ends inside a vector.
        nint inPlace = columns % kernels.Lanes == 0 ? Panels : Panels - 1;
        _firstPacked = blocking.PackB ? 0 : inPlace;
        nint packed = (Panels - _firstPacked) * _width * depth;
        _packed = packed > 0 ? scratch.Shared<T>(packed) : null;
    }

    /// <summary>Panels of columns.</summary>
    public nint Panels => Blocking.CeilingDivide(Columns, _width);

    /// <summary>Panels that have to be packed.</summary>
    public nint PackedPanels => Panels - _firstPacked;

    /// <summary>Blocks of k.</summary>
    public nint Blocks => Depth == 0 ? 1 : Blocking.CeilingDivide(Depth, Blocking.Depth);

    /// <summary>Steps of k of block <paramref name="block"/>.</summary>
    public nint DepthOf(nint block) => Math.Min(Blocking.Depth, Depth - (block * Blocking.Depth));

    /// <summary>Columns of panel <paramref name="panel"/>.</summary>
    public nint ColumnsOf(nint panel) => Math.Min(_width, Columns - (panel * _width));

    /// <summary>Where panel <paramref name="panel"/> of block <paramref name="block"/> begins, and how it moves with k.</summary>
    public T* Panel(nint block, nint panel, out nint step)
    {
        if (panel >= _firstPacked)
        {
            step = _width;
            return Packed(block, panel);
        }

        step = Product.BRow;
        return Source(block, panel);
    }

    /// <summary>Packs <paramref name="count"/> panels from number <paramref name="index"/> of those that have to be.</summary>
    public void Pack(nint block, nint index, nint count)
    {
        nint panel = _firstPacked + index, columns = Math.Min(count * _width, Columns - (panel * _width));
        Packing<T>.Panels(
            Source(block, panel), Product.BColumn, Product.BRow, columns, DepthOf(block), _width, Packed(block, panel));
    }

    private T* Source(nint block, nint panel) =>
        Product.B
        + ((FirstDepth + (block * Blocking.Depth)) * Product.BRow)
        + ((FirstColumn + (panel * _width)) * Product.BColumn);

    private T* Packed(nint block, nint panel) =>
        _packed + (block * Blocking.Depth * PackedPanels * _width) + ((panel - _firstPacked) * _width * DepthOf(block));
}

/// <summary>The panels of a slab, to be packed.</summary>
internal readonly struct PackParts<T>(Slab<T> slab) : IParts where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PanelsOfPart = 4;

    public int Count => (int)(slab.Blocks * Groups);

    private nint Groups => Blocking.CeilingDivide(slab.PackedPanels, PanelsOfPart);

    public void Run(int index, int thread)
    {
        var (block, group) = Math.DivRem(index, (int)Groups);
        nint first = (nint)group * PanelsOfPart;
        slab.Pack(block, first, Math.Min(PanelsOfPart, slab.PackedPanels - first));
    }
}
