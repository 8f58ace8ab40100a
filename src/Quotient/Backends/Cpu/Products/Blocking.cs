namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// How a product is cut so that each piece stays in the cache that reuses it. The cuts that change how sums are grouped
/// (those of k) depend on the shape alone; so do the bits of the result.
/// </summary>
internal readonly struct Blocking
{
    /// <summary>A tile this deep takes so long that fetching and storing C hides behind it.</summary>
    private const int DeepestBlock = 1024;

    /// <summary>Rows of B in place that a second-level cache holds while all panels of columns pass over them.</summary>
    private const int BytesInPlace = 256 << 10;

    /// <summary>
    /// Where all of B is in a near cache, storing C is the main work, and goes best a few whole rows at a time.
    /// </summary>
    private const int BytesOfShallowB = 128 << 10, BytesOfShallowC = 64 << 10;

    private const int ShallowestBlock = 64;

    /// <summary>Half of a second-level cache, for a part's packed A.</summary>
    private const int BytesOfPart = 512 << 10;

    /// <summary>Packed B that a third-level cache surely holds.</summary>
    private const long BytesOfSlab = 8 << 20;

    private const int WidestSlab = 4096;
    private const int PartsPerThread = 4;
    private const double OperationsOfPart = 5e5;
    private const int ReuseWorthPacking = 4;

    /// <summary>Steps of k in a block.</summary>
    public nint Depth { get; private init; }

    /// <summary>Steps of k whose packed part of B is kept at once.</summary>
    public nint SlabDepth { get; private init; }

    /// <summary>Columns whose packed part of B is kept at once.</summary>
    public nint SlabColumns { get; private init; }

    /// <summary>Parts into which the panels of rows are dealt.</summary>
    public int RowParts { get; private init; }

    /// <summary>Parts into which the panels of columns are dealt.</summary>
    public int ColumnParts { get; private init; }

    /// <summary>Whether A is packed: worth it when each of its elements is used for many columns.</summary>
    public bool PackA { get; private init; }

    /// <summary>
    /// Whether all threads pack A together: where it is transposed, its rows in memory run along all parts, and reading
    /// pieces of them costs as many times more.
    /// </summary>
    public bool ShareA { get; private init; }

    /// <summary>
    /// Whether B is packed: worth it when each of its elements is used for many rows, needed when it is transposed.
    /// </summary>
    public bool PackB { get; private init; }

    /// <summary>The cuts of one product.</summary>
    public static Blocking Of<T>(in StridedProduct<T> product, Kernels<T> kernels, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = Unsafe.SizeOf<T>();
        nint slabColumns = Math.Min(CeilingDivide(product.Columns, kernels.Columns) * kernels.Columns, WidestSlab);
        bool packB = product.BColumn != 1 || product.Rows > ReuseWorthPacking * kernels.Rows;
        nint deepest = packB ? DeepestBlock : Math.Clamp(BytesInPlace / (slabColumns * size), ShallowestBlock, DeepestBlock);
        nint depth = CeilingDivide(product.Depth, Math.Max(1, CeilingDivide(product.Depth, deepest)));
        nint bytesOfStep = slabColumns * size, bytesOfRow = depth * size;
        nint panels = CeilingDivide(product.Rows, kernels.Rows);
        int wanted = threads == 1 ? 1 : (int)Math.Clamp(product.Operations / OperationsOfPart, 1, threads * PartsPerThread);
        nint fitting = CeilingDivide(product.Rows * bytesOfRow, BytesOfPart);
        if (bytesOfStep * depth <= BytesOfShallowB)
        {
            fitting = Math.Max(fitting, CeilingDivide(product.Rows * bytesOfStep, BytesOfShallowC));
        }

        fitting = Math.Max(wanted, fitting);
        int rowParts = (int)Math.Min(panels, CeilingDivide(fitting, threads) * threads);
        nint slabDepth = Math.Max(1, depth * (nint)Math.Max(1, BytesOfSlab / Math.Max(1, bytesOfStep * depth)));
        bool packA = product.Columns > ReuseWorthPacking * kernels.Columns;
        return new()
        {
            Depth = depth,
            SlabDepth = slabDepth,
            SlabColumns = slabColumns,
            RowParts = rowParts,
            ColumnParts = (int)Math.Min(slabColumns / kernels.Columns, CeilingDivide(wanted, rowParts)),
            PackA = packA,
            ShareA = packA && product.ARow == 1
                && Math.Min(slabDepth, product.Depth) * product.Rows * size <= BytesOfSlab,
            PackB = packB,
        };
    }

    /// <summary>
    /// The share of part <paramref name="index"/> when <paramref name="count"/> things are dealt to <paramref name="parts"/>.
    /// </summary>
    public static (nint First, nint End) Share(nint count, int parts, int index) =>
        (count * index / parts, count * (index + 1) / parts);

    internal static nint CeilingDivide(nint value, nint by) => (value + by - 1) / by;
}
