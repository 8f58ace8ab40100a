using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>A matrix J known by its products J v and Jᵀ u, such as the Jacobian of a network or of a change of coordinates.</summary>
public interface ILinearMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>m, the length of J v.</summary>
    long Rows { get; }

    /// <summary>n, the length of v.</summary>
    long Columns { get; }

    /// <summary>Where its vectors live.</summary>
    IBackend Backend { get; }

    /// <summary>Row i of result ← J · (row i of V). Shapes: V k × n, result k × m; they do not overlap.</summary>
    void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Row i of result ← Jᵀ · (row i of U). Shapes: U k × m, result k × n; they do not overlap.</summary>
    void ApplyTransposeBlock(
        MatrixView<T> u, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>The map of a matrix M on the device, m × n, which stays the caller's.</summary>
public sealed class MatrixMap<T>(IBackend backend, MatrixView<T> matrix) : ILinearMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public long Rows => matrix.Rows;

    /// <inheritdoc/>
    public long Columns => matrix.Columns;

    /// <inheritdoc/>
    public IBackend Backend => backend;

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        backend.Ops<T>().Gemm(Transpose.No, Transpose.Yes, 1, v, matrix, 0, result);

    /// <inheritdoc/>
    public void ApplyTransposeBlock(
        MatrixView<T> u, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        backend.Ops<T>().Gemm(Transpose.No, Transpose.No, 1, u, matrix, 0, result);
}
