namespace Quotient.Backends.Gpu.Products;

/// <summary>A product, or a sum of two, as the choice of a kernel and of its tile depends on it.</summary>
/// <param name="Rows">Rows of C.</param>
/// <param name="Columns">Columns of C.</param>
/// <param name="Depth">The inner length of the first pair.</param>
/// <param name="SecondDepth">The inner length of the second pair, 0 without one.</param>
/// <param name="Members">Products in the batch.</param>
/// <param name="TransposeA">Whether A is stored transposed.</param>
/// <param name="TransposeB">Whether B is stored transposed.</param>
/// <param name="IsAligned">Whether every row of every operand begins on a boundary of 16 bytes.</param>
/// <param name="A">What the left operands are read from.</param>
/// <param name="B">What the right operands are read from.</param>
internal readonly record struct ProductShape(
    long Rows, long Columns, long Depth, long SecondDepth, int Members, bool TransposeA, bool TransposeB, bool IsAligned,
    Reader A = Reader.Dense, Reader B = Reader.Dense)
{
    /// <summary>Rows, or columns, that are few.</summary>
    public const int Narrow = 16;

    /// <summary>Whether all operands are numbers.</summary>
    public bool IsDense => A == Reader.Dense && B == Reader.Dense;

    /// <summary>Whether all operands are signs, whose words are compared.</summary>
    public bool IsCounted => A == Reader.Signs && B == Reader.Signs;

    /// <summary>Whether the left operands are numbers and the right ones signs.</summary>
    public bool IsMixed => A == Reader.Dense && B == Reader.Signs;

    /// <summary>Whether an operand is read from images.</summary>
    public bool IsConvolution => A is Reader.Patches or Reader.BackPatches || B == Reader.Patches;

    /// <summary>Steps of the sum: one for a number, one for a word of signs.</summary>
    public long Steps => IsCounted ? BitMatrix.WordsFor(Depth) : Depth;

    /// <summary>What the operands are, as a kernel's parameters: how they are read, and how they are stored.</summary>
    public KernelParameters Operands
    {
        get
        {
            var stored = KernelParameters.Of(("TRANSPOSE_A", TransposeA ? 1 : 0), ("TRANSPOSE_B", TransposeB ? 1 : 0));
            return IsDense ? stored
                : IsCounted ? stored.With(("COUNTS", 1))
                : stored.With("OPERAND_A", NameOf(A)).With("OPERAND_B", NameOf(B)).With(("BACK", A == Reader.BackPatches ? 1 : 0));
        }
    }

    /// <summary>The shape of a product.</summary>
    public static ProductShape Of<T>(in Product<T> product) where T : unmanaged
    {
        var (a, b, c) = (product.A, product.B, product.C);
        bool isAligned = IsAlignedIn(a) && IsAlignedIn(b) && (!product.IsPair || (IsAlignedIn(product.A2) && IsAlignedIn(product.B2)));
        return new(
            c.First.Rows, c.First.Columns, a.Columns, product.IsPair ? product.A2.Columns : 0, c.Count,
            a.Transpose == Transpose.Yes, b.Transpose == Transpose.Yes, isAligned, a.Reader, b.Reader);
    }

    /// <summary>The sort of shapes to which it belongs, on a device of some multiprocessors.</summary>
    public ProductSort SortOn(int computeUnits)
    {
        const int Side = 128;
        long squares = LaunchShape.Ceiling(Rows, Side) * LaunchShape.Ceiling(Columns, Side) * Members;
        var size = Columns <= Narrow ? ProductSize.NarrowColumns
            : Rows <= Narrow ? ProductSize.NarrowRows
            : squares >= computeUnits ? ProductSize.Large
            : ProductSize.Small;
        return new(size, TransposeA, TransposeB);
    }

    /// <summary>A file of <c>kernels/product/operands</c>: a reader's name in small letters; patches have one for both ways.</summary>
    private static string NameOf(Reader reader) =>
        (reader == Reader.BackPatches ? Reader.Patches : reader).ToString().ToLowerInvariant();

    private static bool IsAlignedIn<T>(in Operand<T> operand) where T : unmanaged
    {
        if (operand.Reader == Reader.Signs)
        {
            return false;
        }

        int unit = 16 / Unsafe.SizeOf<T>();
        var values = operand.IsPatches ? operand.Images : operand.Values;
        return (!operand.IsPatches || operand.ChannelsRead() % unit == 0) && values.First.Offset % unit == 0 && values.First.Stride % unit == 0 && values.Step % unit == 0;
    }
}

/// <summary>How large C is.</summary>
internal enum ProductSize
{
    /// <summary>Large tiles of it occupy the whole device.</summary>
    Large,

    /// <summary>They do not.</summary>
    Small,

    /// <summary>It has few columns.</summary>
    NarrowColumns,

    /// <summary>It has few rows.</summary>
    NarrowRows,
}

/// <summary>Shapes that share a tile.</summary>
internal readonly record struct ProductSort(ProductSize Size, bool TransposeA, bool TransposeB)
{
    /// <summary>Every sort.</summary>
    public static IEnumerable<ProductSort> All { get; } =
    [
        .. from size in Enum.GetValues<ProductSize>()
           from transposeA in new[] { false, true }
           from transposeB in new[] { false, true }
           select new ProductSort(size, transposeA, transposeB),
    ];

    /// <summary>The name in <c>kernels/tuned</c>: <c>Large NT</c>.</summary>
    public string Name => $"{Size} {(TransposeA ? 'T' : 'N')}{(TransposeB ? 'T' : 'N')}";
}
