namespace Quotient.Backends;

/// <summary>What a factor of a product is read from.</summary>
public enum Reader
{
    /// <summary>Numbers, row by row.</summary>
    Dense,

    /// <summary>Signs, a bit each.</summary>
    Signs,
}

/// <summary>A factor of a product: op(X), and what X is read from.</summary>
public readonly struct Operand<T> where T : unmanaged
{
    // One of the two kinds: a product has four factors, and small products are quick.
    private readonly object _buffer;
    private readonly long _offset, _rows, _columns, _stride, _step;
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

    /// <summary>What it is read from.</summary>
    public Reader Reader { get; }

    /// <summary>Whether op transposes.</summary>
    public Transpose Transpose { get; }

    /// <summary>The numbers, where it is read from such.</summary>
    public MatrixBatch<T> Values => new(new((DeviceBuffer<T>)_buffer, _offset, _rows, _columns, _stride), _count, _step);

    /// <summary>The signs, where it is read from such.</summary>
    public BitMatrix Signs => new((DeviceBuffer<ulong>)_buffer, _offset, _rows, _columns, _stride);

    /// <summary>Rows of op(X).</summary>
    public long Rows => Transpose == Transpose.No ? _rows : _columns;

    /// <summary>Columns of op(X).</summary>
    public long Columns => Transpose == Transpose.No ? _columns : _rows;
}

/// <summary>C ← epilogue(α·(A·B + A₂·B₂) + β·C). Shapes: A and A₂ m × k and m × k₂, B and B₂ k × n and k₂ × n, C m × n.</summary>
public readonly struct Product<T> where T : unmanaged
{
    /// <summary>The factor of the products.</summary>
    public double Alpha { get; init; }

    /// <summary>The left factor.</summary>
    public Operand<T> A { get; init; }

    /// <summary>The right factor.</summary>
    public Operand<T> B { get; init; }

    /// <summary>Whether there is a second product; its factors are read as those of the first are, but k may differ.</summary>
    public bool IsPair { get; init; }

    /// <summary>The left factor of the second product.</summary>
    public Operand<T> A2 { get; init; }

    /// <summary>The right factor of the second product.</summary>
    public Operand<T> B2 { get; init; }

    /// <summary>The factor of what C holds.</summary>
    public double Beta { get; init; }

    /// <summary>The result.</summary>
    public MatrixBatch<T> C { get; init; }

    /// <summary>What is done to each element of the result.</summary>
    public Epilogue<T> Epilogue { get; init; }

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
