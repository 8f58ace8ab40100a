using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// C ← α·X·Bᵀ + β·C with a matrix of signs B. X is given by two strides, as a factor of a <see cref="StridedProduct{T}"/>; its own
/// factor B is unused.
/// </summary>
internal readonly unsafe struct MixedProduct<T>(in StridedProduct<T> product, BitPointer b, MixedKernels<T> kernels, T* codes)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Inputs to a table, inputs of a block whose tables a first-level cache holds, and panels of columns that are worth
    /// tables of their own.
    /// </summary>
    public const int Tabulated = 4, BlockDepth = 256, PanelsWorthTables = 16;

    public readonly StridedProduct<T> Product = product;
    public readonly BitPointer B = b;
    public readonly MixedKernels<T> Kernels = kernels;
    public readonly T* Codes = codes;

    /// <summary>Signs of a column that an element holds.</summary>
    public static int SignsOfElement => 8 * sizeof(T);

    /// <summary>Elements of a column that hold signs.</summary>
    public nint Elements => B.Words * BitMatrix.WordBits / SignsOfElement;

    /// <summary>Panels of columns.</summary>
    public nint Panels => Blocking.CeilingDivide(B.Rows, Kernels.Dense.Columns);

    /// <summary>Elements that the packed columns take.</summary>
    public nint PackedLength => Panels * Kernels.Dense.Columns * Elements;

    /// <summary>The codes of a panel from an element on.</summary>
    public T* At(nint panel, nint element) => Codes + (((panel * Elements) + element) * Kernels.Dense.Columns);

    /// <summary>The signs of four inputs, 0 to 3, in the sixteen sums.</summary>
    public static T[] Signs { get; } =
        [.. from input in Enumerable.Range(0, Tabulated)
            from place in Enumerable.Range(0, 1 << Tabulated)
            select ((place >> input) & 1) == 1 ? T.One : -T.One];
}

/// <summary>The packing of the signs: a panel's columns next to each other, an element of each, then the next.</summary>
internal readonly unsafe struct CodeParts<T>(MixedProduct<T> product) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PanelsOfPart = 8;

    public int Count => (int)Blocking.CeilingDivide(product.Panels, PanelsOfPart);

    public void Run(int index, int thread)
    {
        nint width = product.Kernels.Dense.Columns, first = index * PanelsOfPart;
        nint column = first * width, columns = Math.Min(PanelsOfPart * width, product.B.Rows - column);
        nint along = product.B.Stride * sizeof(ulong) / sizeof(T);
        nint next = product.Elements * width;
        Packing<T>.Panels((T*)product.B.Row(column), along, 1, columns, product.Elements, width, product.At(first, 0), next);
    }
}

/// <summary>Tiles of C: a part is a tile's rows by all columns, or by some where there are few rows.</summary>
internal readonly unsafe struct MixedParts<T>(MixedProduct<T> product, int columnParts, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Entries = 1 << MixedProduct<T>.Tabulated;

    private const int TablesOfBlock = MixedProduct<T>.BlockDepth / MixedProduct<T>.Tabulated;

    public int Count => columnParts * (int)Blocking.CeilingDivide(product.Product.Rows, MixedKernels<T>.RowLimit);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var p = product.Product;
        var (rowPart, columnPart) = Math.DivRem(index, columnParts);
        nint row = rowPart * MixedKernels<T>.RowLimit, rows = Math.Min(MixedKernels<T>.RowLimit, p.Rows - row);
        var (first, end) = Blocking.Share(product.Panels, columnParts, columnPart);
        nint width = product.Kernels.Dense.Columns;
        T* tables = scratch.Own<T>(thread, MixedKernels<T>.RowLimit * ((TablesOfBlock * Entries) + width));
        T* tile = tables + (MixedKernels<T>.RowLimit * TablesOfBlock * Entries);
        nint k = 0;
        do
        {
            nint depth = Math.Min(MixedProduct<T>.BlockDepth, p.Depth - k);
            nint count = Tabulate(row, rows, k, depth, tables);
            for (nint panel = first; panel < end; panel++)
            {
                nint column = panel * width;
                int columns = (int)Math.Min(width, p.Columns - column);
                product.Kernels.Add(rows, count, tables, product.At(panel, k / MixedProduct<T>.SignsOfElement), tile);
                product.Kernels.Dense.Finish(tile, (int)rows, columns, &p, row, column, k == 0, k + depth >= p.Depth);
            }

            k += depth;
        }
        while (k < p.Depth);
    }

    /// <summary>The tables of some rows and inputs; returns how many a row has.</summary>
    private nint Tabulate(nint row, nint rows, nint k, nint depth, T* tables)
    {
        var p = product.Product;
        nint count = 0;
        fixed (T* signs = MixedProduct<T>.Signs)
        {
            T* inputs = stackalloc T[MixedKernels<T>.RowLimit * MixedProduct<T>.Tabulated];
            for (nint end = k + depth; k < end; k += MixedProduct<T>.Tabulated, count++, tables += rows * Entries)
            {
                T* x = p.A + (row * p.ARow) + (k * p.AColumn);
                if (end - k >= MixedProduct<T>.Tabulated)
                {
                    product.Kernels.Tabulate(x, p.ARow, p.AColumn, rows, signs, tables);
                    continue;
                }

                for (nint i = 0; i < rows * MixedProduct<T>.Tabulated; i++)
                {
                    var (r, input) = Math.DivRem(i, MixedProduct<T>.Tabulated);
                    inputs[i] = input < end - k ? x[(r * p.ARow) + (input * p.AColumn)] : T.Zero;
                }

                product.Kernels.Tabulate(inputs, MixedProduct<T>.Tabulated, 1, rows, signs, tables);
            }
        }

        return count;
    }
}
