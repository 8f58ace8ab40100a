using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// The factors of C ← α·X·Bᵀ + β·C with a matrix of signs B. B's words are packed like the elements of a dense factor; rows of X become
/// tables of sums, from which the signs choose. X is given by two strides, as a factor of a <see cref="StridedProduct{T}"/>, whose own
/// factor B is unused.
/// </summary>
internal readonly unsafe struct MixedFactors<T> : IFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Panels of columns that are worth tables of their own.</summary>
    public const int PanelsWorthTables = 16;

    /// <summary>Inputs to a table, its entries, and inputs of a block whose tables a first-level cache holds.</summary>
    private const int Tabulated = 4, Entries = 1 << Tabulated, BlockDepth = 256;

    private const int TablesOfTile = MixedKernels<T>.RowLimit * BlockDepth / Tabulated * Entries;

    private readonly StridedProduct<T> _product;
    private readonly MixedKernels<T> _kernels;

    public MixedFactors(in StridedProduct<T> product, BitPointer b, MixedKernels<T> kernels, Scratch scratch)
    {
        (_product, _kernels) = (product, kernels);
        nint elements = b.Words * BitMatrix.WordBits / SignsOfElement;
        Codes = new()
        {
            Source = new((T*)b.Row(0), b.Stride * sizeof(ulong) / sizeof(T), 1),
            Extent = b.Rows,
            Depth = elements,
            BlockDepth = elements,
            Width = kernels.Dense.Columns,
        };
        Codes = Codes with { Target = scratch.Shared<T>(Codes.PackedLength) };
    }

    public static bool Prefetches => false;

    /// <summary>The signs: a panel's columns next to each other, an element of each, then the next.</summary>
    public readonly Panels<T, Strided<T>> Codes;

    public nint TileRows => MixedKernels<T>.RowLimit;

    public nint Panels => Codes.Count;

    public nint FirstColumn => 0;

    public nint Blocks => Math.Max(1, Blocking.CeilingDivide(_product.Depth, BlockDepth));

    /// <summary>Signs of a column that an element holds.</summary>
    private static int SignsOfElement => 8 * sizeof(T);

    /// <summary>The signs of four inputs, 0 to 3, in the sixteen sums.</summary>
    private static T[] Signs { get; } =
        [.. from input in Enumerable.Range(0, Tabulated)
            from place in Enumerable.Range(0, Entries)
            select ((place >> input) & 1) == 1 ? T.One : -T.One];

    public nint StepOf(nint block) => block * BlockDepth;

    public nint DepthOf(nint block) => Math.Min(BlockDepth, _product.Depth - StepOf(block));

    public nint WidthOf(nint panel) => Codes.WidthOf(panel);

    public PartScratch<T> Take(Scratch scratch, int thread, nint tiles) =>
        new(scratch, thread, _kernels.Dense, tiles, tiles * TablesOfTile, 0);

    public LeftPanels<T> Ready(nint block, nint row, nint rows, in PartScratch<T> work)
    {
        for (nint i = 0, panel = 0; i < rows; i += TileRows, panel++)
        {
            T* tables = work.Values + (panel * TablesOfTile);
            nint count = Tabulate(row + i, Math.Min(TileRows, rows - i), StepOf(block), DepthOf(block), tables);
            work.Panels[panel] = new() { Values = tables, Depth = count };
        }

        return new(work.Panels, 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Right(nint block, nint panel, out nint step) =>
        Codes.At(0, panel, out step) + (StepOf(block) / SignsOfElement * Codes.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(int rows, int vectors, nint depth, LeftPanel<T>* left, nint aRow, nint aStep, T* b, nint bStep, T* tile) =>
        _kernels.Add(rows, left->Depth, left->Values, b, tile);

    /// <summary>The tables of some rows and inputs; returns how many a row has.</summary>
    private nint Tabulate(nint row, nint rows, nint k, nint depth, T* tables)
    {
        nint count = 0;
        fixed (T* signs = Signs)
        {
            T* inputs = stackalloc T[MixedKernels<T>.RowLimit * Tabulated];
            for (nint end = k + depth; k < end; k += Tabulated, count++, tables += rows * Entries)
            {
                T* x = _product.A + (row * _product.ARow) + (k * _product.AColumn);
                if (end - k >= Tabulated)
                {
                    _kernels.Tabulate(x, _product.ARow, _product.AColumn, rows, signs, tables);
                    continue;
                }

                for (nint i = 0; i < rows * Tabulated; i++)
                {
                    var (r, input) = Math.DivRem(i, Tabulated);
                    inputs[i] = input < end - k ? x[(r * _product.ARow) + (input * _product.AColumn)] : T.Zero;
                }

                _kernels.Tabulate(inputs, Tabulated, 1, rows, signs, tables);
            }
        }

        return count;
    }
}
