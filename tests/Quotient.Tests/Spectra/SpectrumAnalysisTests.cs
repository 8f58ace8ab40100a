using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class SpectrumAnalysisTests
{
    /// <summary>As Hessians have it: outliers on both sides of a bulk at 0.</summary>
    private static readonly double[] Spectrum =
    [
        .. Enumerable.Range(0, 12).Select(i => 1.3 - (0.09 * i)), .. Enumerable.Range(0, 6).Select(i => -0.2 + (0.02 * i)),
        .. Enumerable.Range(0, 382).Select(i => 0.05 * Math.Pow(i / 382.0, 3)),
    ];

    private static readonly SpectrumRequest Everything = new()
    {
        Name = "hessian",
        Top = 5,
        Bottom = 2,
        Trace = new(),
        Density = DensityConvention.PyHessian,
        LogDet = true,
        Quadrature = new() { Steps = 60, Probes = 1 },
        Lanczos = new(Selection.Largest(1)) { Tolerance = 1e-6 },
        Seed = 3,
    };

    [Test]
    public void All_answers_share_the_products_of_the_first_probe()
    {
        var a = Hessian<double>();
        var result = SpectrumAnalysis.Run(a, Everything with { Trace = null });
        AssertPairs(result, 1e-9);
        Assert.That(result.Products, Is.EqualTo(a.Products));
        Assert.That(result.Density!.Products, Is.EqualTo(60));
        Assert.That(result.LogDeterminant!.Products, Is.EqualTo(60));
        Assert.That(result.Products, Is.InRange(61, 80), "60 for all, and a few to be sure that no multiple is missed");
        var alone = SpectrumAnalysis.Run(Hessian<double>(), Everything with
        {
            Trace = null,
            Lanczos = Everything.Lanczos with { FindMultiples = false },
        });
        Assert.That(alone.Products, Is.EqualTo(60));
        Assert.That(alone.Density!.Values, Is.EqualTo(result.Density.Values));
    }

    [Test]
    public void Too_few_steps_for_the_pairs_are_continued()
    {
        var a = Hessian<double>();
        var result = SpectrumAnalysis.Run(a, Everything with { Trace = null, Quadrature = new() { Steps = 10, Probes = 2 } });
        AssertPairs(result, 1e-9);
        Assert.That(result.Density!.Products, Is.EqualTo(20));
        Assert.That(result.Density.Nodes, Has.Count.EqualTo(20));
        Assert.That(result.Products, Is.EqualTo(a.Products).And.GreaterThan(30));
    }

    [Test]
    public void Single_precision_finds_the_same()
    {
        var result = SpectrumAnalysis.Run(Hessian<float>(), Everything);
        AssertPairs(result, 1e-5);
        Assert.That(result.Trace!.Value, Is.EqualTo(Spectrum.Sum()).Within(4 * result.Trace.StandardError));
    }

    [Test]
    public void The_trace_uses_the_other_probes_and_is_within_four_standard_errors([Range(0, 24)] int seed)
    {
        var a = Hessian<double>();
        var request = Everything with { Seed = (ulong)seed, Quadrature = new() { Steps = 20, Probes = 6 }, Trace = new() { Tolerance = 0.001, MaxProbes = 40 } };
        var result = SpectrumAnalysis.Run(a, request);
        double error = result.Trace!.StandardError;
        Assert.That(result.Trace.Value, Is.EqualTo(Spectrum.Sum()).Within(4 * error));
        Assert.That(result.Products, Is.EqualTo(a.Products));
        Assert.That(result.Trace.Products, Is.LessThanOrEqualTo(35), "five of the forty samples were the density's");
        var plain = Trace.Estimate(Hessian<double>(), request.Trace! with { Seed = (ulong)seed });
        Assert.That(error, Is.LessThan(0.8 * plain.StandardError), "the eigenpairs' part is known");
    }

    [Test]
    public void Without_pairs_the_first_probe_counts_as_a_sample_too()
    {
        var a = Hessian<double>();
        var result = SpectrumAnalysis.Run(a, Everything with
        {
            Top = 0,
            Bottom = 0,
            Quadrature = new() { Steps = 5, Probes = 4 },
            Trace = new() { Tolerance = 10 },
        });
        Assert.That(result.Top, Is.Empty);
        Assert.That(result.Trace!.Products, Is.EqualTo(12));
        Assert.That(result.Products, Is.EqualTo(32).And.EqualTo(a.Products));
        var direct = Trace.Estimate(Hessian<double>(), new() { Tolerance = 10, Seed = 3 });
        Assert.That(result.Trace.Value, Is.EqualTo(direct.Value).Within(1e-12), "the samples are the same sixteen probes'");
    }

    [Test]
    public void A_trace_that_the_operator_knows_costs_what_it_says()
    {
        var result = SpectrumAnalysis.Run(new Exact(Hessian<double>()), Everything);
        Assert.That(result.Trace, Is.EqualTo(new TraceEstimate(17, 0, 1.5, "exact", true)));
    }

    [Test]
    public void Eigenvectors_are_handed_over_and_a_start_is_taken()
    {
        var request = new SpectrumRequest { Top = 3, Lanczos = new(Selection.Largest(1)) { FindMultiples = false } };
        var cold = SpectrumAnalysis.Run(Hessian<double>(), request, out var pairs);
        var warm = SpectrumAnalysis.Run(Hessian<double>(), request, out var again, pairs!.Vectors);
        Assert.That(pairs.Vectors.Rows, Is.EqualTo(3));
        Assert.That(warm.Products, Is.LessThan(0.7 * cold.Products));
        pairs.Dispose();
        again!.Dispose();
    }

    [Test]
    public void The_same_seed_gives_the_same_result()
    {
        SpectrumResult first = SpectrumAnalysis.Run(Hessian<double>(), Everything), second = SpectrumAnalysis.Run(Hessian<double>(), Everything);
        Assert.That(second.Top, Is.EqualTo(first.Top));
        Assert.That(second.Density!.Values, Is.EqualTo(first.Density!.Values));
        Assert.That(second.Trace, Is.EqualTo(first.Trace));
    }

    [Test]
    public void A_small_operator_may_have_more_steps_than_dimensions([Values(1, 2, 3)] int n)
    {
        double[] diagonal = [.. Enumerable.Range(1, n).Select(i => (double)i)];
        var result = SpectrumAnalysis.Run(Matrices.Diagonal<double>(diagonal), Everything with { Top = 1, Bottom = 0 });
        Assert.That(result.Top[0].Value, Is.EqualTo(n).Within(1e-12));
        Assert.That(result.LogDeterminant!.Value, Is.EqualTo(diagonal.Sum(Math.Log)).Within(1e-10));
    }

    [Test]
    public void A_probe_that_is_itself_an_eigenvector_does_not_mislead([Range(0, 7)] int seed)
    {
        var swap = Matrices.Operator<double>(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(new double[,] { { 0, 1 }, { 1, 0 } }));
        var result = SpectrumAnalysis.Run(swap, Everything with { Top = 1, Bottom = 0, Seed = (ulong)seed });
        Assert.That(result.Top[0].Value, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Impossible_requests_are_refused()
    {
        var a = Matrices.Diagonal<double>([1, 2, 3]);
        Assert.Throws<QuotientException>(() => SpectrumAnalysis.Run(a, new SpectrumRequest { Top = 4 }));
        Assert.Throws<QuotientException>(() => SpectrumAnalysis.Run(a, new SpectrumRequest { Top = -1 }));
        Assert.Throws<QuotientException>(() => SpectrumAnalysis.Run(a, new SpectrumRequest { Density = DensityConvention.Papyan, Quadrature = new() { Probes = 0 } }));
    }

    private static Counting<T> Hessian<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        Matrices.Operator<T>(Dense.Value);

    private static readonly Lazy<MathNet.Numerics.LinearAlgebra.Matrix<double>> Dense = new(() => Matrices.WithSpectrum(Spectrum, 11));

    private static void AssertPairs(SpectrumResult result, double accuracy)
    {
        Assert.That(result.Top.Concat(result.Bottom).Select(value => value.Converged), Is.All.True);
        Assert.That(result.Top.Select(value => value.Value), Is.EqualTo(Spectrum.OrderDescending().Take(5)).Within(accuracy));
        Assert.That(result.Bottom.Select(value => value.Value), Is.EqualTo(Spectrum.Order().Take(2)).Within(accuracy));
    }

    private sealed class Exact(ISymmetricOperator<double> inner) : ISymmetricOperator<double>, IExactDiagonal<double>
    {
        public long Dimension => inner.Dimension;

        public IBackend Backend => inner.Backend;

        public double DiagonalCost => 1.5;

        public double TraceCost => 1.5;

        public void ApplyBlock(
            MatrixView<double> v, MatrixView<double> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
            inner.ApplyBlock(v, result, progress, cancellationToken);

        public void Diagonal(VectorView<double> diagonal, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
            Backend.Ops<double>().Fill(diagonal, 17.0 / Dimension);

        public double Trace(IProgress<double>? progress = null, CancellationToken cancellationToken = default) => 17;
    }
}
