namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// C ← epilogue(α·A·B + β·C) with every factor given by two strides, so that a transposed factor is one whose strides
/// are exchanged. A is Rows × Depth, B is Depth × Columns.
/// </summary>
internal unsafe struct StridedProduct<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public nint Rows, Columns, Depth;
    public T* A;
    public nint ARow, AColumn;
    public T* B;
    public nint BRow, BColumn;

    /// <summary>
    /// Null, or a second pair of factors with the strides of the first: A's columns, and B's rows, from
    /// <see cref="FirstDepth"/> on are theirs.
    /// </summary>
    public T* SecondA, SecondB;
    public nint FirstDepth;
    public T* C;
    public nint CRow, CColumn;
    public T Alpha, Beta;

    /// <summary>Null for none; element (i, j) gets Bias[i·BiasRow + j·BiasColumn], one of which strides is 0.</summary>
    public T* Bias;
    public nint BiasRow, BiasColumn;

    /// <summary>Null for none.</summary>
    public T* Mask;
    public nint MaskRow, MaskColumn;
    public bool Relu;

    /// <summary>2·Rows·Columns·Depth.</summary>
    public readonly double Operations => 2.0 * Rows * Columns * Depth;

    /// <summary>Whether the elements of a row of C, and of what is applied to it, are adjacent.</summary>
    public readonly bool RowsAreContiguous =>
        CColumn == 1 && (Mask == null || MaskColumn == 1) && (Bias == null || BiasColumn == 1);

    /// <summary>
    /// C_ij ← epilogue(α·sum + β·C_ij), where β is 1 after the first block of k, and the epilogue waits for the last.
    /// </summary>
    public readonly void Store(nint i, nint j, T sum, bool first, bool last)
    {
        T* c = C + (i * CRow) + (j * CColumn);
        T beta = first ? Beta : T.One;
        T value = Alpha * sum;
        value = T.IsZero(beta) ? value : value + (beta * *c);
        if (last)
        {
            value = Bias == null ? value : value + Bias[(i * BiasRow) + (j * BiasColumn)];
            value = Relu ? T.Max(value, T.Zero) : value;
            value = Mask == null || Mask[(i * MaskRow) + (j * MaskColumn)] > T.Zero ? value : T.Zero;
        }

        *c = value;
    }

    /// <summary>The same product read as Cᵀ = Bᵀ Aᵀ.</summary>
    public readonly StridedProduct<T> Transposed() => this with
    {
        Rows = Columns,
        Columns = Rows,
        A = B,
        SecondA = SecondB,
        ARow = BColumn,
        AColumn = BRow,
        B = A,
        SecondB = SecondA,
        BRow = AColumn,
        BColumn = ARow,
        CRow = CColumn,
        CColumn = CRow,
        BiasRow = BiasColumn,
        BiasColumn = BiasRow,
        MaskRow = MaskColumn,
        MaskColumn = MaskRow,
    };

    /// <summary>One member of a batch of products; a factor of signs is left out.</summary>
    public static StridedProduct<T> Of(in Product<T> p, int member)
    {
        var (c, epilogue) = (p.C[member], p.Epilogue);
        var (a, aRow, aColumn) = Factor(p.A, member);
        var (b, bRow, bColumn) = Factor(p.B, member);
        return new()
        {
            Rows = (nint)p.A.Rows,
            Columns = (nint)p.B.Columns,
            Depth = (nint)p.A.Columns,
            FirstDepth = (nint)p.A.Columns,
            A = (T*)a,
            ARow = aRow,
            AColumn = aColumn,
            B = (T*)b,
            BRow = bRow,
            BColumn = bColumn,
            C = c.Pointer(),
            CRow = (nint)c.Stride,
            CColumn = 1,
            Alpha = T.CreateTruncating(p.Alpha),
            Beta = T.CreateTruncating(p.Beta),
            Bias = epilogue.HasBias ? epilogue.BiasOf(member).Pointer() : null,
            BiasColumn = 1,
            Mask = epilogue.HasMask ? epilogue.Mask.Pointer() : null,
            MaskRow = epilogue.HasMask ? (nint)epilogue.Mask.Stride : 0,
            MaskColumn = 1,
            Relu = epilogue.Relu,
        };
    }

    /// <summary>Where a factor begins, and how it moves with its row and its column.</summary>
    private static (nint First, nint Row, nint Column) Factor(in Operand<T> operand, int member)
    {
        if (operand.Reader != Reader.Dense)
        {
            return default;
        }

        var x = operand.Values[member];
        var first = (nint)x.Pointer();
        return operand.Transpose == Transpose.No ? (first, (nint)x.Stride, 1) : (first, 1, (nint)x.Stride);
    }

    /// <summary>
    /// This product plus that of two more factors, as one whose k runs over both; null where their strides differ.
    /// </summary>
    public readonly StridedProduct<T>? With(in StridedProduct<T> second) =>
        (ARow, AColumn, BRow, BColumn) == (second.ARow, second.AColumn, second.BRow, second.BColumn)
            ? this with { Depth = Depth + second.Depth, SecondA = second.A, SecondB = second.B }
            : null;
}

/// <summary>
/// The members of a batch, each too small to be shared by threads, as parts: every thread has a multiplier of its own.
/// </summary>
internal readonly unsafe struct MemberParts<T>(StridedProduct<T> first, Strides strides, int count, Multiplier<T>[] multipliers) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => count;

    public void Run(int index, int thread) => multipliers[thread].Multiply(strides.Member(first, index));
}

/// <summary>Elements from one member of a batch to the next.</summary>
internal readonly record struct Strides(nint A, nint B, nint C, nint Bias)
{
    /// <summary>Member <paramref name="index"/>, given the first.</summary>
    public unsafe StridedProduct<T> Member<T>(in StridedProduct<T> first, int index) where T : unmanaged, IFloatingPointIeee754<T> => first with
    {
        A = first.A + (index * A),
        B = first.B + (index * B),
        C = first.C + (index * C),
        Bias = first.Bias == null ? null : first.Bias + (index * Bias),
    };
}
