using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Signals as other matrices of the same values.</summary>
internal static class SignalViews
{
    /// <summary>The values of a matrix, whose rows are contiguous, in rows of another length: images as a matrix of their places.</summary>
    public static MatrixView<T> InRowsOf<T>(this MatrixView<T> x, long columns) where T : unmanaged =>
        x.AsVector() is var all ? new(all.Buffer, all.Offset, all.Length / columns, columns, columns) : default;

    /// <summary>The same for each matrix of a batch.</summary>
    public static MatrixBatch<T> InRowsOf<T>(this MatrixBatch<T> x, long columns) where T : unmanaged =>
        x with { First = x.First.InRowsOf(columns) };

    /// <summary>The matrices of a batch under each other; a single one that is repeated counts once.</summary>
    public static MatrixView<T> Stacked<T>(this MatrixBatch<T> x) where T : unmanaged => x.AsVector() is var all
        ? new(all.Buffer, all.Offset, all.Length / Math.Max(1, x.First.Columns), x.First.Columns, x.First.Columns)
        : default;

    /// <summary>An epilogue for the same values in rows of another length.</summary>
    public static Epilogue<T> InRowsOf<T>(this Epilogue<T> epilogue, long columns) where T : unmanaged =>
        epilogue.HasMask ? epilogue with { Mask = epilogue.Mask.InRowsOf(columns) } : epilogue;
}
