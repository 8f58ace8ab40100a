using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>The products of one analysis, each used for everything that it can tell.</summary>
internal sealed class SharedProducts<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Room beyond the quadrature's steps, for what the eigenpairs still need.</summary>
    private const int Beyond = 40;

    private readonly ISymmetricOperator<T> _operator;
    private readonly SpectrumRequest _request;
    private readonly IMetric<T>? _metric;
    private readonly IProgress<SpectrumProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly List<double> _samples = [];
    private readonly bool _wantsPairs;
    private KrylovSpace<T>? _space;
    private QuadratureRuns<T>? _runs;
    private Deflation<T> _deflation = Deflation<T>.None;

    public SharedProducts(
        ISymmetricOperator<T> a, SpectrumRequest request, IMetric<T>? metric, IProgress<SpectrumProgress>? progress,
        CancellationToken cancellationToken)
    {
        (_operator, _request, _metric, _progress, _cancellationToken) = (a, request, metric, progress, cancellationToken);
        _wantsPairs = request.Top + request.Bottom > 0;
    }

    /// <summary>Products so far, or their equivalents.</summary>
    public double Products { get; private set; }

    private bool EstimatesTrace => _request.Trace is { } trace
        && (trace.Method == TraceMethod.Hutchinson || (trace.Method == TraceMethod.Auto && !Spectra.Trace.IsExact(_operator, _metric)));

    /// <summary>The first probe's steps, where a quadrature is needed.</summary>
    public void RunFirstProbe()
    {
        if (_request.NeedsQuadrature)
        {
            var (size, least) = BasisSize();
            _space = new(_operator, size, _request.Lanczos.BlockSize, _request.Seed, least, _metric);
            _runs = new(_space, _request.Quadrature, _progress, _cancellationToken);
            RunProbe(0);
        }
    }

    /// <summary>The eigenpairs, from the first probe's space where there is one.</summary>
    public Eigenpairs<T>? Eigenpairs(MatrixView<T>? start)
    {
        if (!_wantsPairs)
        {
            return null;
        }

        var pairs = _space is null
            ? Lanczos.Solve(_operator, _request.Lanczos, start, _metric, _progress, _cancellationToken)
            : Lanczos.Continue(_space, _request.Lanczos, _progress, _cancellationToken);
        Products += pairs.Products;
        return pairs;
    }

    /// <summary>
    /// The remaining probes. Each one's first product is a sample of the trace, from which the eigenpairs' part is taken out:
    /// it is known, and most of the variance.
    /// </summary>
    public Quadrature? RunOtherProbes(Eigenpairs<T>? pairs)
    {
        if (pairs is not null)
        {
            // The first probe made these vectors, so only later ones are independent of them.
            _deflation = new(pairs.Vectors, [.. pairs.Values.Select(value => value.Value)], _space is null ? 0UL : 1);
            _samples.Clear();
        }

        for (int probe = 1; _runs is not null && probe < _runs.ProbesFor(_operator.Dimension); probe++)
        {
            RunProbe(probe);
        }

        return _runs?.Result(_operator.Dimension);
    }

    /// <summary>The trace, where asked for. The eigenvectors must still be there.</summary>
    public TraceEstimate? Trace()
    {
        if (_request.Trace is not { } options)
        {
            return null;
        }

        ReleaseSpace();
        var trace = EstimatesTrace
            ? Spectra.Trace.Hutchinson(_operator, options, _metric, _deflation, _samples, _progress, _cancellationToken)
            : Spectra.Trace.Estimate(_operator, options, _metric, _progress, _cancellationToken);
        Products += trace.Products;
        return trace;
    }

    /// <inheritdoc/>
    public void Dispose() => ReleaseSpace();

    private (int Size, int Least) BasisSize()
    {
        int steps = _request.Quadrature.Steps + 1;
        int useful = Math.Max(steps + Beyond, _wantsPairs ? Lanczos.BasisSize(_operator, _request.Lanczos) : 0);
        int least = Math.Max(steps, _wantsPairs ? _request.Lanczos.Smallest(_operator.Dimension) : 0);
        return (Lanczos.Fit(_operator, least, _wantsPairs ? useful : steps, _request.Lanczos.Wanted.Count), least);
    }

    private void RunProbe(int probe)
    {
        int before = _space!.Products;
        _runs!.Run(probe);
        Products += _space.Products - before;
        if (EstimatesTrace)
        {
            _samples.Add(Sample());
        }
    }

    /// <summary>
    /// gᵀ(I − YYᵀ)A(I − YYᵀ)g = gᵀAg − 2 (Yg)ᵀ(YAg) + (Yg)ᵀΘ(Yg), with g = √d v₁ and A v₁ = α v₁ + β v₂ from the probe's space; in the
    /// inner product of a metric likewise.
    /// </summary>
    private double Sample()
    {
        var (alpha, beta) = _space!.First();
        double sample = alpha;
        if (_deflation.Vectors is { } y)
        {
            double[] first = Project(y, _space.Basis.Row(0));
            double[] second = beta > 0 ? Project(y, _space.Basis.Row(1)) : new double[first.Length];
            for (int i = 0; i < first.Length; i++)
            {
                double image = (alpha * first[i]) + (beta * second[i]);
                sample += (-2 * first[i] * image) + (_deflation.Values[i] * first[i] * first[i]);
            }
        }

        return _operator.Dimension * sample;
    }

    private double[] Project(MatrixView<T> y, VectorView<T> v)
    {
        using var c = _operator.Backend.Allocate<double>(y.Rows);
        _operator.Backend.Ops<T>().Project(y, _space!.Inner.Covector(v), c.All);
        var host = new double[y.Rows];
        _operator.Backend.Read(c.All, host);
        return host;
    }

    private void ReleaseSpace()
    {
        _space?.Dispose();
        _space = null;
    }
}
