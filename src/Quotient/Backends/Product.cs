namespace Quotient.Backends;

/// <summary>What a factor of a product is read from.</summary>
public enum Reader
{
    /// <summary>Numbers, row by row.</summary>
    Dense,

    /// <summary>Signs, a bit each.</summary>
    Signs,

    /// <summary>
    /// What windows see of images: row (n, y, x) is window (y, x) of image n, column (i, j, c) its value at (i, j) in channel c.
    /// </summary>
    Patches,

    /// <summary>
    /// From which windows places are seen, of images with a value o for each window: row (n, y, x) is place (y, x) of image n, column
    /// (i, j, o) the value of the window that sees it at (i, j), or 0 where there is none.
    /// </summary>
    BackPatches,
}

/// <summary>A factor of a product: op(X), and what X is read from.</summary>
public readonly struct Operand<T> where T : unmanaged
{
    // One of the two kinds: a product has four factors, and small products are quick.
    private readonly object _buffer;
    private readonly long _offset, _rows, _columns, _stride, _step, _images, _values;
    private readonly int _count;

    /// <summary>Numbers. A step of 0 repeats one matrix for all members of the batch.</summary>
    public Operand(MatrixBatch<T> values, Transpose transpose)
    {
        (_buffer, _offset, _rows, _columns, _stride) = values.First;
        (_count, _step, Reader, Transpose) = (values.Count, values.Step, Reader.Dense, transpose);
    }

    /// <summary>Signs, the same for all members of the batch.</summary>
    public Operand(BitMatrix signs, Transpose transpose)
    {
        (_buffer, _offset, _rows, _columns, _stride) = signs;
        (_count, Reader, Transpose) = (1, Reader.Signs, transpose);
    }

    /// <summary>Images, a row each, as the patches of windows; or values of windows, a row of all for each image, as seen from places.</summary>
    /// <param name="images">N × ImageSize; or N × (Windows · channels of their own) where they are seen from places.</param>
    /// <param name="patches">The windows.</param>
    /// <param name="reader"><see cref="Reader.Patches"/> or <see cref="Reader.BackPatches"/>.</param>
    public Operand(MatrixBatch<T> images, Patches patches, Reader reader = Reader.Patches)
        : this(images, Transpose.No)
    {
        (Reader, Patches, _images, _values) = (reader, patches, _rows, _columns);
        (_rows, _columns) = reader == Reader.Patches
            ? (_images * patches.Windows, patches.PatchSize)
            : (_images * patches.Places, patches.KernelSize * (_values / patches.Windows));
    }

    /// <summary>What it is read from.</summary>
    public Reader Reader { get; }

    /// <summary>The windows, where it is read as patches; else null.</summary>
    public Patches? Patches { get; }

    /// <summary>The images, or the values of windows, that it is read from where it is read as patches: a row for each image.</summary>
    public MatrixBatch<T> Images => new(new((DeviceBuffer<T>)_buffer, _offset, _images, _values, _stride), _count, _step);

    /// <summary>Whether op transposes.</summary>
    public Transpose Transpose { get; }

    /// <summary>The numbers, where it is read from such; else empty.</summary>
    public MatrixBatch<T> Values => Reader == Reader.Dense
        ? new(new((DeviceBuffer<T>)_buffer, _offset, _rows, _columns, _stride), _count, _step)
        : default;

    /// <summary>The signs, where it is read from such; else empty.</summary>
    public BitMatrix Signs => Reader == Reader.Signs ? new((DeviceBuffer<ulong>)_buffer, _offset, _rows, _columns, _stride) : default;

    /// <summary>Whether it is read as patches, of either kind.</summary>
    public bool IsPatches => Reader is Reader.Patches or Reader.BackPatches;

    /// <summary>Rows of op(X).</summary>
    public long Rows => Transpose == Transpose.No ? _rows : _columns;

    /// <summary>Columns of op(X).</summary>
    public long Columns => Transpose == Transpose.No ? _columns : _rows;
}

/// <summary>C ← epilogue(α·A·B + β·C), or with <see cref="Plus"/> C ← epilogue(α·(A·B + A₂·B₂) + β·C). Shapes: A m × k, B k × n, C m × n.</summary>
/// <param name="alpha">The factor of the products.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right factor.</param>
/// <param name="beta">The factor of what C holds.</param>
/// <param name="c">The result.</param>
/// <param name="epilogue">What is done to each element of the result.</param>
public readonly struct Product<T>(
    double alpha, Operand<T> a, Operand<T> b, double beta, MatrixBatch<T> c, Epilogue<T> epilogue = default) where T : unmanaged
{
    /// <summary>The factor of the products.</summary>
    public double Alpha { get; } = alpha;

    /// <summary>The left factor.</summary>
    public Operand<T> A { get; private init; } = a;

    /// <summary>The right factor.</summary>
    public Operand<T> B { get; private init; } = b;

    /// <summary>The factor of what C holds.</summary>
    public double Beta { get; init; } = beta;

    /// <summary>The result.</summary>
    public MatrixBatch<T> C { get; } = c;

    /// <summary>What is done to each element of the result.</summary>
    public Epilogue<T> Epilogue { get; init; } = epilogue;

    /// <summary>Whether there is a second product.</summary>
    public bool IsPair { get; private init; }

    /// <summary>The left factor of the second product.</summary>
    public Operand<T> A2 { get; private init; }

    /// <summary>The right factor of the second product.</summary>
    public Operand<T> B2 { get; private init; }

    /// <summary>This product and a second one, whose factors are read as those of the first are; its k may differ.</summary>
    public Product<T> Plus(Operand<T> a2, Operand<T> b2) => this with { IsPair = true, A2 = a2, B2 = b2 };

    /// <summary>The first product alone.</summary>
    public Product<T> First => this with { IsPair = false };

    /// <summary>The second product alone.</summary>
    public Product<T> Second => this with { A = A2, B = B2, IsPair = false };

    /// <summary>The name under which such a product is called, by what its factors are read from.</summary>
    public string Name => (A.Reader, B.Reader) switch
    {
        (Reader.Dense, Reader.Dense) => IsPair ? nameof(ProductCalls.GemmPair) : nameof(ProductCalls.Gemm),
        (Reader.Dense, Reader.Signs) => nameof(ProductCalls.MixedProduct),
        (Reader.Signs, Reader.Signs) => nameof(ProductCalls.SignProduct),
        (Reader.Patches, Reader.Dense) => nameof(ProductCalls.Convolution),
        (Reader.BackPatches, Reader.Dense) => nameof(ProductCalls.ConvolutionBack),
        (Reader.Dense, Reader.Patches) => nameof(ProductCalls.ConvolutionWeights),
        _ => $"a product of {A.Reader} and {B.Reader}",
    };
}

/// <summary>Whether a factor enters a product as it is stored or transposed.</summary>
public enum Transpose
{
    /// <summary>As stored.</summary>
    No,

    /// <summary>Transposed.</summary>
    Yes,
}

/// <summary>
/// What is done to each element of a product before it is stored, in this order: add the bias of its column, then the ReLU,
/// then the mask (0 where the mask's element is not &gt; 0). The mask is shared by all members of a batch.
/// </summary>
/// <param name="Bias">One value a column, for member 0; empty for none.</param>
/// <param name="BiasStep">Elements from one batch member's bias to the next.</param>
/// <param name="Relu">Whether max(·, 0) is applied.</param>
/// <param name="Mask">A matrix of C's shape; empty for none.</param>
public readonly record struct Epilogue<T>(VectorView<T> Bias, long BiasStep, bool Relu, MatrixView<T> Mask)
    where T : unmanaged
{
    /// <summary>Whether a bias is added.</summary>
    public bool HasBias => Bias.Buffer is not null;

    /// <summary>The bias of one member of a batch.</summary>
    public VectorView<T> BiasOf(int member) => Bias with { Offset = Bias.Offset + (member * BiasStep) };

    /// <summary>Whether a mask is applied.</summary>
    public bool HasMask => Mask.Buffer is not null;
}

/// <summary>The products as they are called.</summary>
public static class ProductCalls
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        nameof(Gemm), nameof(GemmPair), nameof(MixedProduct), nameof(SignProduct), nameof(Convolution), nameof(ConvolutionBack),
        nameof(ConvolutionWeights),
    ];

    /// <summary>
    /// C ← epilogue(α·op(A)·op(B) + β·C), for each member of the batch. The count is C's; A and B may have a step of 0.
    /// With β = 0, C is written without being read. What is 0 in a factor may be left out, so that 0·∞ and 0·NaN may be 0.
    /// </summary>
    public static void Gemm<T>(
        this IProductOps<T> ops, Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b,
        double beta, MatrixBatch<T> c, Epilogue<T> epilogue = default) where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new(alpha, new(a, transposeA), new(b, transposeB), beta, c, epilogue));

    /// <summary>
    /// C ← epilogue(α·(op(A)·op(B) + op(A₂)·op(B₂)) + β·C): both terms of the derivative of a product, in one pass over C. Their
    /// inner lengths may differ.
    /// </summary>
    public static void GemmPair<T>(
        this IProductOps<T> ops, Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b,
        MatrixBatch<T> a2, MatrixBatch<T> b2, double beta, MatrixBatch<T> c, Epilogue<T> epilogue = default)
        where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new Product<T>(alpha, new(a, transposeA), new(b, transposeB), beta, c, epilogue)
            .Plus(new(a2, transposeA), new(b2, transposeB)));

    /// <summary>
    /// C ← α·op(X)·Bᵀ + β·C with a matrix of signs B: sums and differences of X's entries. Shapes: op(X) m × k, B n × k, C m × n.
    /// With β = 0, C is written without being read.
    /// </summary>
    public static void MixedProduct<T>(
        this IProductOps<T> ops, Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c)
        where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new(alpha, new(x, transpose), new(b, Transpose.Yes), beta, c));

    /// <summary>
    /// C ← α·A·Bᵀ for matrices of signs: α·(k − 2·popcount(a_i ⊕ b_j)). The integer is exact and α, rounded to T, multiplies it once, so
    /// that every backend gives the same bits. Shapes: A m × k, B n × k, C m × n.
    /// </summary>
    public static void SignProduct<T>(this IProductOps<T> ops, double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c)
        where T : unmanaged, INumberBase<T> =>
        ops.Multiply(new(alpha, new(a, Transpose.No), new(b, Transpose.Yes), 0, c));

    /// <summary>
    /// Y ← epilogue(α·P·Wᵀ + β·Y) with P the patches of images x: a convolution. Shapes, each for one member: x N × ImageSize, W O × PatchSize
    /// (rows in the order of a patch: row, column, channel of the window), Y (N·Windows) × O. The second pair, where given, is added.
    /// </summary>
    public static void Convolution<T>(
        this IProductOps<T> ops, Patches patches, double alpha, MatrixBatch<T> x, MatrixBatch<T> w, double beta, MatrixBatch<T> y,
        Epilogue<T> epilogue = default, (MatrixBatch<T> X, MatrixBatch<T> W)? second = null) where T : unmanaged, INumberBase<T>
    {
        var product = new Product<T>(alpha, new(x, patches), new(w, Transpose.Yes), beta, y, epilogue);
        ops.Multiply(second is var (x2, w2) ? product.Plus(new(x2, patches), new(w2, Transpose.Yes)) : product);
    }

    /// <summary>
    /// X ← epilogue(α·B·W + β·X) with B the values d of windows as seen from the places: the transpose of a convolution by its images. Shapes:
    /// d N × (Windows·O), W (KernelSize·O) × C (rows in the order: row, column of the window, then o), X (N·Places) × C.
    /// </summary>
    public static void ConvolutionBack<T>(
        this IProductOps<T> ops, Patches patches, double alpha, MatrixBatch<T> d, MatrixBatch<T> w, double beta, MatrixBatch<T> x,
        Epilogue<T> epilogue = default, (MatrixBatch<T> D, MatrixBatch<T> W)? second = null) where T : unmanaged, INumberBase<T>
    {
        var product = new Product<T>(alpha, new(d, patches, Reader.BackPatches), new(w, Transpose.No), beta, x, epilogue);
        ops.Multiply(second is var (d2, w2) ? product.Plus(new(d2, patches, Reader.BackPatches), new(w2, Transpose.No)) : product);
    }

    /// <summary>
    /// W ← α·Dᵀ·P + β·W with P the patches of images x: the transpose of a convolution by its weights, summed over all windows of all images.
    /// Shapes: D (N·Windows) × O, x N × ImageSize, W O × PatchSize.
    /// </summary>
    public static void ConvolutionWeights<T>(
        this IProductOps<T> ops, Patches patches, double alpha, MatrixBatch<T> d, MatrixBatch<T> x, double beta, MatrixBatch<T> w,
        (MatrixBatch<T> D, MatrixBatch<T> X)? second = null) where T : unmanaged, INumberBase<T>
    {
        var product = new Product<T>(alpha, new(d, Transpose.Yes), new(x, patches), beta, w);
        ops.Multiply(second is var (d2, x2) ? product.Plus(new(d2, Transpose.Yes), new(x2, patches)) : product);
    }
}
