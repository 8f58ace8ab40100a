using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>
/// A symmetric matrix given by a delegate on host memory, so that anything that can multiply a vector has a spectrum:
/// <c>new HostOperator&lt;double&gt;(backend, n, (v, result) =&gt; …)</c>.
/// </summary>
/// <remarks>Each product copies one vector from the device and one to it. The delegate writes all of its result.</remarks>
/// <param name="backend">Where its vectors live.</param>
/// <param name="dimension">Their length, at least 1; less is a <see cref="QuotientException"/>.</param>
/// <param name="apply">result ← A v.</param>
public sealed class HostOperator<T>(IBackend backend, int dimension, Action<ReadOnlySpan<T>, Span<T>> apply) : ISymmetricOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _result = dimension >= 1
        ? new T[dimension]
        : throw new QuotientException($"an operator's dimension is {dimension}; it must be at least 1");

    private readonly T[] _vector = new T[dimension];

    /// <inheritdoc/>
    public long Dimension => dimension;

    /// <inheritdoc/>
    public IBackend Backend => backend;

    /// <inheritdoc/>
    public void Apply(VectorView<T> v, VectorView<T> result, CancellationToken cancellationToken = default)
    {
        using var pass = backend.Gate.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        backend.Read(v, _vector.AsSpan());
        apply(_vector, _result);
        backend.Write(_result, result);
    }

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = backend.Gate.Enter();
        for (long i = 0; i < v.Rows; i++)
        {
            Apply(v.Row(i), result.Row(i), cancellationToken);
            progress?.Report((i + 1.0) / v.Rows);
        }
    }
}
