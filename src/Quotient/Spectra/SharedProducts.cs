using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>The products of one analysis, each used for everything that it can tell.</summary>
internal sealed class SharedProducts<T>(ISymmetricOperator<T> a, SpectrumRequest request, IMetric<T>? metric) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Room beyond the quadrature's steps, for what the eigenpairs still need.</summary>
    private const int Beyond = 40;

    private readonly List<double> _samples = [];
    private readonly bool _wantsPairs = request.Top + request.Bottom > 0;
    private KrylovSpace<T>? _space;
    private QuadratureRuns<T>? _runs;
    private Eigenpairs<T>? _pairs;

    /// <summary>Products so far, or their equivalents.</summary>
    public double Products { get; private set; }

    private bool EstimatesTrace => request.Trace is { } trace
        && (trace.Method == TraceMethod.Hutchinson || (trace.Method == TraceMethod.Auto && !Spectra.Trace.IsExact(a, metric)));

    /// <summary>The first probe's steps, where a quadrature is needed.</summary>
    public void RunFirstProbe(IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.NeedsQuadrature)
        {
            int steps = request.Quadrature.Steps + 1;
            int useful = _wantsPairs ? Math.Max(steps + Beyond, Lanczos.BasisSize(a, request.Lanczos)) : steps;
            int least = _wantsPairs ? Math.Max(steps, request.Lanczos.Smallest(a.Dimension)) : steps;
            int size = Lanczos.Fit(a, least, useful, _wantsPairs ? Lanczos.Beside(a, request.Lanczos) : 0);
            _space = new(a, size, request.Lanczos.BlockSize, request.Seed, least, metric);
            _runs = new(_space, request.Quadrature);
            RunProbe(0, progress, cancellationToken);
        }
    }

    /// <summary>The eigenpairs, from the first probe's space where there is one; the caller's to dispose, after the trace.</summary>
    public Eigenpairs<T>? Eigenpairs(MatrixView<T>? start, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        if (!_wantsPairs)
        {
            return null;
        }

        _pairs = _space is null
            ? Lanczos.SolveIn(a, request.Lanczos, start, metric, progress, cancellationToken)
            : Lanczos.Continue(_space, request.Lanczos, progress, cancellationToken);
        Products += _pairs.Products;

        // The first probe made these vectors, so only later ones are independent of them.
        _samples.Clear();
        return _pairs;
    }

    /// <summary>
    /// The remaining probes. Each one's first product is a sample of the trace, from which the eigenpairs' part is taken out:
    /// it is known, and most of the variance.
    /// </summary>
    public Quadrature? RunOtherProbes(IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        for (int probe = 1; _runs is not null && probe < _runs.ProbesFor(a.Dimension); probe++)
        {
            RunProbe(probe, progress, cancellationToken);
        }

        return _runs?.Result(a.Dimension);
    }

    /// <summary>The trace, where asked for. The eigenvectors must still be there.</summary>
    public TraceEstimate? Trace(IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Trace is not { } options)
        {
            return null;
        }

        ulong firstProbe = _pairs is not null && _space is not null ? 1UL : 0;
        Dispose();
        var trace = EstimatesTrace
            ? Spectra.Trace.Hutchinson(a, options, metric, _pairs, firstProbe, _samples, progress, cancellationToken)
            : Spectra.Trace.EstimateIn(a, options, metric, progress, cancellationToken);
        Products += trace.Products;
        return trace;
    }

    /// <summary>Gives the space's memory back.</summary>
    public void Dispose()
    {
        _space?.Dispose();
        _space = null;
    }

    private void RunProbe(int probe, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        int before = _space!.Products;
        _runs!.Run(probe, progress, cancellationToken);
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
        if (_pairs is { Vectors: var y, Values: var values })
        {
            double[] first = Project(y, _space.Basis.Row(0));
            double[] second = beta > 0 ? Project(y, _space.Basis.Row(1)) : new double[first.Length];
            for (int i = 0; i < first.Length; i++)
            {
                double image = (alpha * first[i]) + (beta * second[i]);
                sample += (-2 * first[i] * image) + (values[i].Value * first[i] * first[i]);
            }
        }

        return a.Dimension * sample;
    }

    private double[] Project(MatrixView<T> y, VectorView<T> v)
    {
        using var c = a.Backend.Allocate<double>(y.Rows);
        a.Backend.Ops<T>().Project(y, _space!.Inner.Covector(v), c.All);
        return a.Backend.Read(c.All);
    }
}
