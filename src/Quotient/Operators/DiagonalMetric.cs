using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>G = diag g with g &gt; 0, such as 1/w² of a scale-invariant measure of flatness; owns three vectors on the device.</summary>
public sealed class DiagonalMetric<T> : IMetric<T>, IInverseRoot<T>, IExactDiagonal<T>, IAnyPrecision, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _diagonal, _inverse, _inverseRoot;
    private readonly double[] _given;
    private readonly double _trace;

    /// <summary>The metric of a diagonal on the host.</summary>
    /// <exception cref="QuotientException">An element is not positive, or it or its inverse is not finite in this precision.</exception>
    public DiagonalMetric(IBackend backend, ReadOnlySpan<double> diagonal)
    {
        for (int i = 0; i < diagonal.Length; i++)
        {
            QuotientException.ThrowIf(
                !(diagonal[i] > 0 && T.IsNormal(T.CreateChecked(diagonal[i])) && T.IsNormal(T.CreateChecked(1 / diagonal[i]))),
                $"element {i} of a diagonal metric is {diagonal[i]}; it must be positive, and with its inverse in the range of {typeof(T).Name}");
            _trace += diagonal[i];
            LogDeterminant += Math.Log(diagonal[i]);
        }

        (Backend, Dimension, _given) = (backend, diagonal.Length, diagonal.ToArray());
        (_diagonal, _inverse, _inverseRoot) = (Store(g => g), Store(g => 1 / g), Store(g => 1 / Math.Sqrt(g)));
    }

    /// <inheritdoc/>
    public long Dimension { get; }

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <summary>log det G = Σ log g_i; log |det G⁻¹A| is log |det A| less this.</summary>
    public double LogDeterminant { get; }

    /// <inheritdoc/>
    public double DiagonalCost => 0;

    /// <inheritdoc/>
    public double TraceCost => 0;

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Multiply(_diagonal, v, result);

    /// <inheritdoc/>
    public void SolveBlock(
        MatrixView<T> w, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Multiply(_inverse, w, result);

    /// <inheritdoc/>
    public void InverseRootBlock(
        MatrixView<T> z, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Multiply(_inverseRoot, z, result);

    /// <inheritdoc/>
    public void Diagonal(VectorView<T> diagonal, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Backend.Ops<T>().Copy(_diagonal.All, diagonal);

    /// <inheritdoc/>
    public double Trace(IProgress<double>? progress = null, CancellationToken cancellationToken = default) => _trace;

    /// <inheritdoc/>
    public ISymmetricOperator<TOther> In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        using var pass = Backend.Gate.Enter();
        var twin = new DiagonalMetric<TOther>(Backend, _given);
        owned.Add(twin);
        return twin;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _diagonal.Dispose();
        _inverse.Dispose();
        _inverseRoot.Dispose();
    }

    private DeviceBuffer<T> Store(Func<double, double> f) => Backend.Store<T>(Array.ConvertAll(_given, g => T.CreateChecked(f(g))));

    /// <summary>All elements are positive, so that their magnitudes are themselves.</summary>
    private void Multiply(DeviceBuffer<T> factors, MatrixView<T> v, MatrixView<T> result)
    {
        using var pass = Backend.Gate.Enter();
        for (long i = 0; i < v.Rows; i++)
        {
            Backend.Ops<T>().ScaleByMagnitude(factors.All, 0, v.Row(i), result.Row(i));
        }
    }
}
