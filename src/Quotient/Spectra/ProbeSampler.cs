using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>
/// Draws zᵀAz with z = (I − YYᵀ) g, g Rademacher and Y an orthonormal set of vectors, possibly empty: unbiased samples of
/// tr A − tr YᵀAY for any Y that does not depend on g. In a metric G, g is R times signs, R Rᵀ = G⁻¹, and Y orthonormal in G: samples of
/// tr G⁻¹A − tr YᵀAY.
/// </summary>
internal sealed class ProbeSampler<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ISymmetricOperator<T> _operator;
    private readonly IOps<T> _ops;
    private readonly InnerProduct<T> _inner;
    private readonly MatrixView<T>? _deflated;
    private readonly DeviceBuffer<T> _probes, _products;
    private readonly DeviceBuffer<double> _scalars;
    private readonly ulong _seed;
    private readonly int _block;

    public ProbeSampler(ISymmetricOperator<T> a, IMetric<T>? metric, MatrixView<T>? deflated, int block, ulong seed)
    {
        (_operator, _ops, _deflated, _block, _seed) = (a, a.Backend.Ops<T>(), deflated, block, seed);
        _inner = new(a, metric, 1);
        _probes = a.Backend.AllocateRows<T>(block, a.Dimension);
        _products = a.Backend.AllocateRows<T>(block, a.Dimension);
        _scalars = a.Backend.Allocate<double>(Math.Max(block, deflated?.Rows ?? 0));
    }

    /// <summary>Samples of probes first … first + count − 1, a block at a time; each is one product.</summary>
    public IEnumerable<double> Draw(ulong first, int count, CancellationToken cancellationToken)
    {
        for (int done = 0; done < count; done += _block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (double sample in DrawBlock(first + (ulong)done, Math.Min(_block, count - done), cancellationToken))
            {
                yield return sample;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inner.Dispose();
        _probes.Dispose();
        _products.Dispose();
        _scalars.Dispose();
    }

    private double[] DrawBlock(ulong first, int count, CancellationToken cancellationToken)
    {
        var z = _probes.Rows(count, _operator.Dimension);
        var az = _products.Rows(count, _operator.Dimension);
        for (int i = 0; i < count; i++)
        {
            _ops.Rademacher(_seed, RandomStreams.Probe + first + (ulong)i, z.Row(i));
            _inner.MakeIsotropic(z.Row(i), cancellationToken);
            if (_deflated is { } y)
            {
                var c = _scalars.Slice(0, y.Rows);
                _ops.Project(y, _inner.Covector(z.Row(i)), c);
                _ops.Deflate(y, c, z.Row(i));
            }
        }

        _operator.ApplyBlock(z, az, null, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            _ops.Dot(z.Row(i), az.Row(i), _scalars.Slice(i, 1));
        }

        var samples = new double[count];
        _operator.Backend.Read(_scalars.Slice(0, count), samples);
        return Array.TrueForAll(samples, double.IsFinite)
            ? samples
            : throw new QuotientException("a product with the operator holds a NaN or an infinity; all its elements must be finite");
    }
}
