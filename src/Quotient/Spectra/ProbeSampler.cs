using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>Draws probes g, Rademacher, and multiplies with them, a block at a time. In a metric G, g is R times signs, R Rᵀ = G⁻¹.</summary>
internal sealed class ProbeSampler<T>(ISymmetricOperator<T> a, IMetric<T>? metric, int block, ulong seed) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = a.Backend.Ops<T>();
    private readonly InnerProduct<T> _inner = new(a, metric, block);
    private readonly DeviceBuffer<T> _probes = a.Backend.AllocateRows<T>(block, a.Dimension);
    private readonly DeviceBuffer<T> _products = a.Backend.AllocateRows<T>(block, a.Dimension);
    private readonly DeviceBuffer<double> _squares = a.Backend.Allocate<double>(block);

    /// <summary>
    /// zᵀAz with z = (I − YYᵀ) g for probes first … first + count − 1, where Y is an orthonormal set of vectors, or null for none: unbiased
    /// samples of tr A − tr YᵀAY for any Y that does not depend on g; in a metric, of tr G⁻¹A − tr YᵀAY.
    /// </summary>
    public IEnumerable<double> Draw(MatrixView<T>? deflated, ulong first, int count, CancellationToken cancellationToken)
    {
        using var coefficients = deflated is null ? null : a.Backend.Allocate<double>(deflated.Value.Rows);
        for (int done = 0; done < count; done += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var probes = Probes(RandomStreams.Probe + first + (ulong)done, Math.Min(block, count - done), cancellationToken);
            for (long i = 0; i < probes.Rows && deflated is not null; i++)
            {
                _ops.Project(deflated.Value, _inner.Covector(probes.Row(i)), coefficients!.All);
                _ops.Deflate(deflated.Value, coefficients.All, probes.Row(i));
            }

            foreach (double sample in Squares(probes, cancellationToken))
            {
                yield return sample;
            }
        }
    }

    /// <summary>An orthonormal basis Q of A S for <paramref name="count"/> probes S; where A has lower rank, Q has fewer vectors.</summary>
    public KrylovBasis<T> Sketch(int count, CancellationToken cancellationToken)
    {
        var basis = new KrylovBasis<T>(_inner, count, 1, int.MaxValue);
        for (int first = 0; first < count; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var probes = Probes(RandomStreams.Sketch + (ulong)first, Math.Min(block, count - first), cancellationToken);
            var products = _products.Rows(probes.Rows, a.Dimension);
            _inner.Multiply(probes, products, cancellationToken);
            for (long i = 0; i < products.Rows; i++)
            {
                if (basis.TryPlace(products.Row(i)))
                {
                    basis.Claim();
                }
            }
        }

        return basis;
    }

    /// <summary>tr QᵀAQ for the rows of Q.</summary>
    public double TraceIn(MatrixView<T> q, CancellationToken cancellationToken)
    {
        double trace = 0;
        for (long first = 0; first < q.Rows; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            trace += Squares(q.RowRange(first, Math.Min(block, q.Rows - first)), cancellationToken).Sum();
        }

        return trace;
    }

    public void Dispose()
    {
        _inner.Dispose();
        _probes.Dispose();
        _products.Dispose();
        _squares.Dispose();
    }

    private MatrixView<T> Probes(ulong stream, int count, CancellationToken cancellationToken)
    {
        var probes = _probes.Rows(count, a.Dimension);
        for (int i = 0; i < count; i++)
        {
            _ops.Rademacher(seed, stream + (ulong)i, probes.Row(i));
            _inner.MakeIsotropic(probes.Row(i), cancellationToken);
        }

        return probes;
    }

    /// <summary>zᵀAz for each row z of a block.</summary>
    private double[] Squares(MatrixView<T> z, CancellationToken cancellationToken)
    {
        var az = _products.Rows(z.Rows, a.Dimension);
        a.ApplyBlock(z, az, null, cancellationToken);
        for (long i = 0; i < z.Rows; i++)
        {
            _ops.Dot(z.Row(i), az.Row(i), _squares.Slice(i, 1));
        }

        double[] squares = a.Backend.Read(_squares.Slice(0, z.Rows));
        QuotientException.ThrowIf(
            !squares.All(double.IsFinite), $"a product with the operator holds a NaN or an infinity; all its elements must be finite");
        return squares;
    }
}

/// <summary>The mean of independent samples and its standard error.</summary>
internal static class SampleMean
{
    /// <summary>Mean and s/√n; the error is NaN with one sample, which shows none.</summary>
    public static (double Mean, double Error) Of(IReadOnlyList<double> samples)
    {
        // In units of the largest, no sum or square overflows or vanishes.
        double unit = samples.Max(Math.Abs);
        if (!(unit > 0 && double.IsFinite(unit)))
        {
            unit = 1;
        }

        int n = samples.Count;
        double mean = samples.Average(x => x / unit), squares = samples.Sum(x => Math.Pow((x / unit) - mean, 2));
        return (unit * mean, n > 1 ? unit * Math.Sqrt(squares / (n - 1) / n) : double.NaN);
    }
}
