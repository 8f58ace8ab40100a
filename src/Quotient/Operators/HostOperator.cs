using System.Numerics;
using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>
/// A symmetric matrix given by a delegate on host memory, so that anything that can multiply a vector has a spectrum:
/// <c>new HostOperator&lt;double&gt;(backend, n, (v, result) =&gt; …)</c>.
/// </summary>
/// <remarks>Each product copies one vector from the device and one to it. The delegate writes all of its result.</remarks>
public sealed class HostOperator<T> : ISymmetricOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Action<ReadOnlySpan<T>, Span<T>> _apply;
    private readonly T[] _vector, _result;

    /// <summary>Wraps <paramref name="apply"/>, which computes result ← A v for vectors of <paramref name="dimension"/> elements.</summary>
    /// <exception cref="QuotientException">The dimension is below 1.</exception>
    public HostOperator(IBackend backend, int dimension, Action<ReadOnlySpan<T>, Span<T>> apply)
    {
        if (dimension < 1)
        {
            throw new QuotientException($"an operator's dimension is {dimension}; it must be at least 1");
        }

        Backend = backend;
        Dimension = dimension;
        _apply = apply;
        _vector = new T[dimension];
        _result = new T[dimension];
    }

    /// <inheritdoc/>
    public long Dimension { get; }

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public void Apply(VectorView<T> v, VectorView<T> result, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Backend.Read(v, _vector.AsSpan());
        _apply(_vector, _result);
        Backend.Write(_result, result);
    }

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        for (long i = 0; i < v.Rows; i++)
        {
            Apply(v.Row(i), result.Row(i), cancellationToken);
            progress?.Report((i + 1.0) / v.Rows);
        }
    }
}
