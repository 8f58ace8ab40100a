using System.Numerics;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// C ← epilogue(α·A·B + β·C) with every factor given by two strides, so that a transposed factor is one whose strides
/// are exchanged. A is Rows × Depth, B is Depth × Columns.
/// </summary>
internal unsafe struct Product<T>
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
    public readonly Product<T> Transposed() => this with
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

    /// <summary>The product of two views, whose shapes are checked.</summary>
    public static Product<T> Of(
        Transpose transposeA, Transpose transposeB, double alpha, MatrixView<T> left, MatrixView<T> right, double beta,
        MatrixView<T> result, Epilogue<T> epilogue)
    {
        bool straightA = transposeA == Transpose.No, straightB = transposeB == Transpose.No;
        var (rows, depth) = straightA ? (left.Rows, left.Columns) : (left.Columns, left.Rows);
        var (inner, columns) = straightB ? (right.Rows, right.Columns) : (right.Columns, right.Rows);
        if (inner != depth || result.Rows != rows || result.Columns != columns)
        {
            throw new ArgumentException(
                $"Shapes do not multiply: ({rows} × {depth})·({inner} × {columns}) into {result.Rows} × {result.Columns}.");
        }

        var mask = epilogue.Mask;
        return new()
        {
            Rows = (nint)rows,
            Columns = (nint)columns,
            Depth = (nint)depth,
            FirstDepth = (nint)depth,
            A = left.Pointer(),
            ARow = (nint)(straightA ? left.Stride : 1),
            AColumn = (nint)(straightA ? 1 : left.Stride),
            B = right.Pointer(),
            BRow = (nint)(straightB ? right.Stride : 1),
            BColumn = (nint)(straightB ? 1 : right.Stride),
            C = result.Pointer(),
            CRow = (nint)result.Stride,
            CColumn = 1,
            Alpha = T.CreateTruncating(alpha),
            Beta = T.CreateTruncating(beta),
            Bias = epilogue.HasBias ? epilogue.Bias.Pointer() : null,
            BiasColumn = 1,
            Mask = epilogue.HasMask ? mask.Pointer() : null,
            MaskRow = epilogue.HasMask ? (nint)mask.Stride : 0,
            MaskColumn = 1,
            Relu = epilogue.Relu,
        };
    }

    /// <summary>
    /// This product plus that of two more factors, as one whose k runs over both; null where their strides differ.
    /// </summary>
    public readonly Product<T>? With(in Product<T> second) =>
        (ARow, AColumn, BRow, BColumn) == (second.ARow, second.AColumn, second.BRow, second.BColumn)
            ? this with { Depth = Depth + second.Depth, SecondA = second.A, SecondB = second.B }
            : null;
}
