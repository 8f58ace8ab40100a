using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

/// <summary>A y = λ G y, held against dense matrices by MathNet: S = L⁻¹ A L⁻ᵀ with G = L Lᵀ has the same spectrum.</summary>
public class MetricTests
{
    private const int N = 60;

    /// <summary>Twelve orders of magnitude.</summary>
    private static readonly double[] Diagonal = [.. Enumerable.Range(0, N).Select(i => Math.Pow(10, 6 - (12.0 * (i * 37 % N) / (N - 1))))];

    private static readonly double[][] Spectra =
    [
        [.. Enumerable.Range(0, N).Select(i => Math.Sin(i * i))],
        [.. Enumerable.Repeat(3.0, 4), .. Enumerable.Repeat(-2.0, 3), .. Enumerable.Range(0, N - 7).Select(i => i / 100.0)],
        [.. Enumerable.Range(0, N).Select(i => i < 5 ? 4.0 - i : 0)],
    ];

    [Test]
    public void Eigenpairs_are_those_of_the_dense_problem(
        [Values] bool isDiagonal, [Values(0, 1, 2)] int spectrum, [Values(1, 3)] int block, [Values] bool verify)
    {
        var (a, g) = Problem(isDiagonal, Spectra[spectrum], 5);
        using var metric = new Chosen<double>(isDiagonal, g);
        var options = new LanczosOptions(Selection.BothEnds(5, 4)) { Tolerance = 1e-11, BlockSize = block, Verify = verify };
        using var found = Lanczos.Solve(Matrices.Operator<double>(a), options, null, metric.Metric);
        double size = Spectra[spectrum].Max(Math.Abs);
        double[] expected = [.. Spectra[spectrum].OrderDescending().Take(5), .. Spectra[spectrum].Order().Take(4)];
        Assert.That(found.Converged && found.Complete);
        Assert.That(found.Values.Select(value => value.Value), Is.EqualTo(expected).Within(1e-10 * size));
        var y = Matrix<double>.Build.DenseOfRowMajor(9, N, Matrices.Read(found.Vectors.AsVector()));
        Assert.That((y * g * y.Transpose() - Matrix<double>.Build.DenseIdentity(9)).L2Norm(), Is.LessThan(1e-12));
        for (int i = 0; i < 9; i++)
        {
            Assert.That(DualNorm(a, g, y.Row(i), found.Values[i].Value), Is.LessThanOrEqualTo(found.Values[i].Residual + (1e-13 * size)));
        }
    }

    [Test]
    public void Residuals_bound_the_error_however_few_the_products([Values] bool isDiagonal, [Range(1, 10)] int seed)
    {
        BoundsHold<double>(isDiagonal, seed);
        BoundsHold<float>(isDiagonal, seed);
    }

    [Test]
    public void Measured_residuals_are_in_the_norm_of_the_inverse([Values] bool isDiagonal)
    {
        var (a, g) = Problem(isDiagonal, Spectra[0], 3);
        using var metric = new Chosen<double>(isDiagonal, g);
        var options = new LanczosOptions(Selection.Largest(3)) { MaxProducts = 12, Verify = true };
        using var found = Lanczos.Solve(Matrices.Operator<double>(a), options, null, metric.Metric);
        using var unverified = Lanczos.Solve(Matrices.Operator<double>(a), options with { Verify = false }, null, metric.Metric);
        var y = Matrix<double>.Build.DenseOfRowMajor(3, N, Matrices.Read(found.Vectors.AsVector()));
        for (int i = 0; i < 3; i++)
        {
            double measured = DualNorm(a, g, y.Row(i), found.Values[i].Value);
            Assert.That(found.Values[i].Residual, Is.EqualTo(measured).Within(1e-11).And.GreaterThan(1e-6));
            Assert.That(unverified.Values[i].Residual, Is.EqualTo(measured).Within(1e-11), "the recurrence knows it");
        }
    }

    [Test]
    public void The_unit_metric_changes_nothing_but_rounding()
    {
        var a = Matrices.Symmetric(N, 3);
        using var metric = new DiagonalMetric<double>(Matrices.Backend, [.. Enumerable.Repeat(1.0, N)]);
        using var plain = Lanczos.Solve(Matrices.Operator<double>(a), new(Selection.BothEnds(3, 3)));
        using var found = Lanczos.Solve(Matrices.Operator<double>(a), new(Selection.BothEnds(3, 3)), null, metric);
        Assert.That(found.Products, Is.EqualTo(plain.Products));
        Assert.That(found.Values.Select(v => v.Value), Is.EqualTo(plain.Values.Select(v => v.Value)).Within(1e-14));
    }

    [Test]
    public void Traces_are_within_four_standard_errors(
        [Values] bool isDiagonal, [Values(TraceMethod.Hutchinson, TraceMethod.HutchPlusPlus)] TraceMethod method, [Range(1, 12)] int seed)
    {
        var (a, g) = Problem(isDiagonal, Spectra[1], 7);
        using var metric = new Chosen<double>(isDiagonal, g);
        var trace = Trace.Estimate(Matrices.Operator<double>(a), new() { Method = method, Seed = (ulong)seed, MaxProbes = 60, Budget = 24 }, metric.Metric);
        Assert.That(trace.Value, Is.EqualTo(Spectra[1].Sum()).Within(4 * trace.StandardError));
        Assert.That(trace.StandardError, Is.LessThan(0.6 * Math.Abs(trace.Value)));
    }

    [Test]
    public void The_samples_have_the_variance_that_the_symmetric_form_has()
    {
        // Var zᵀSz = 2 Σ_(i≠j) S_ij² over signs z, S = G^(−1/2) A G^(−1/2): probes without the root of G⁻¹ would have far more.
        var (a, g) = Problem(true, Spectra[0], 2);
        using var metric = new Chosen<double>(true, g);
        var options = new TraceOptions { Method = TraceMethod.Hutchinson, MinProbes = 4000, MaxProbes = 4000, Seed = 3 };
        double error = Trace.Estimate(Matrices.Operator<double>(a), options, metric.Metric).StandardError;
        var s = Symmetric(a, g);
        double expected = Math.Sqrt(2 * (s.PointwisePower(2).RowSums().Sum() - s.Diagonal().PointwisePower(2).Sum()) / 4000);
        Assert.That(error, Is.EqualTo(expected).Within(5).Percent);
    }

    [Test]
    public void A_known_diagonal_gives_the_exact_trace_in_a_diagonal_metric()
    {
        double[] a = [.. Enumerable.Range(0, N).Select(i => i - 20.5)];
        using var metric = new DiagonalMetric<double>(Matrices.Backend, Diagonal);
        using var known = new DiagonalMetric<double>(Matrices.Backend, [.. a.Select(x => x + 21)]);
        var trace = Trace.Estimate(known.Shift(-21), new(), metric);
        double expected = a.Zip(Diagonal, (x, g) => x / g).Sum();
        Assert.That((trace.Method, trace.StandardError), Is.EqualTo(("exact", 0.0)));
        Assert.That(trace.Value, Is.EqualTo(expected).Within(1e-12).Percent);
    }

    [Test]
    public void Rules_have_the_moments_of_their_probe()
    {
        var (a, g) = Problem(true, Spectra[0], 4);
        using var metric = new Chosen<double>(true, g);
        var rule = Quadrature.Of(Matrices.Operator<double>(a), new() { Steps = 6, Seed = 3 }, metric.Metric).Rules[0];
        using var probe = Matrices.Backend.Allocate<double>(N);
        Matrices.Backend.Ops<double>().Rademacher(3, RandomStreams.Probe, probe.All);
        var v = Vector<double>.Build.Dense(Matrices.Read(probe.All)) / Math.Sqrt(N);
        var (s, power) = (Symmetric(a, g), v);
        for (int k = 0; k < 12; k++)
        {
            Assert.That(rule.Integrate(theta => Math.Pow(theta, k)), Is.EqualTo(v * power).Within(1e-12), $"moment {k}");
            power = s * power;
        }
    }

    [Test]
    public void Log_determinants_are_the_difference_of_two([Values] bool isDiagonal, [Range(1, 10)] int seed, [Values(20, 100)] int steps)
    {
        double[] spectrum = [.. Enumerable.Range(1, N).Select(i => 0.2 + (i / 25.0))];
        var (a, g) = Problem(isDiagonal, spectrum, 6);
        using var metric = new Chosen<double>(isDiagonal, g);
        var options = new QuadratureOptions { Steps = steps, Probes = 12, Seed = (ulong)seed };
        var found = LogDet.Estimate(Quadrature.Of(Matrices.Operator<double>(a), options, metric.Metric));
        double expected = LogDeterminant(a) - LogDeterminant(g);
        Assert.That(expected, Is.EqualTo(spectrum.Sum(Math.Log)).Within(1e-8));
        Assert.That(found.SamplingError, steps < N ? Is.Positive : Is.Zero);
        Assert.That(found.Value, Is.EqualTo(expected).Within((4 * found.StandardError) + 1e-8));
    }

    [Test]
    public void One_analysis_answers_everything_in_the_metric([Values] bool isDiagonal)
    {
        var (a, g) = Problem(isDiagonal, Spectra[1], 9);
        using var metric = new Chosen<double>(isDiagonal, g);
        var request = new SpectrumRequest
        {
            Top = 4,
            Bottom = 3,
            Trace = new() { Tolerance = 1e-3, MaxProbes = 50 },
            Density = DensityConvention.Papyan,
            Quadrature = new() { Steps = 30, Probes = 4 },
            Lanczos = new(Selection.Largest(1)) { Tolerance = 1e-8 },
            Seed = 2,
        };
        var counting = Matrices.Operator<double>(a);
        var result = SpectrumAnalysis.Run(counting, request, metric.Metric);
        Assert.That(result.Products, Is.EqualTo(counting.Products));
        Assert.That(result.Top.Select(v => v.Value), Is.All.EqualTo(3).Within(1e-9));
        Assert.That(result.Bottom.Select(v => v.Value), Is.All.EqualTo(-2).Within(1e-9));
        Assert.That(result.Trace!.Value, Is.EqualTo(Spectra[1].Sum()).Within(4 * result.Trace.StandardError));
        Assert.That(result.Trace.StandardError, Is.LessThan(0.3), "the eigenpairs' part is known");
    }

    [Test]
    public void A_metric_that_is_none_is_refused()
    {
        var a = Matrices.Diagonal<double>([1, 2, 3]);
        Assert.Throws<QuotientException>(() => _ = new DiagonalMetric<double>(Matrices.Backend, [1, 0, 1]));
        Assert.Throws<QuotientException>(() => _ = new DiagonalMetric<float>(Matrices.Backend, [1, 1e60, 1]));
        using var longer = new DiagonalMetric<double>(Matrices.Backend, [1, 1, 1, 1]);
        Assert.That(() => Lanczos.Solve(a, new(Selection.Largest(1)), null, longer), Throws.TypeOf<QuotientException>().With.Message.Contains("dimension is 4"));
        var indefinite = new Dense<double>(Matrix<double>.Build.DenseOfDiagonalArray([1, -1, 1]));
        Assert.That(() => Lanczos.Solve(a, new(Selection.Largest(1)), null, indefinite), Throws.TypeOf<QuotientException>().With.Message.Contains("positive definite"));
    }

    private static void BoundsHold<T>(bool isDiagonal, int seed) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var (a, g) = Problem(isDiagonal, Spectra[seed % 3], seed);
        using var metric = new Chosen<T>(isDiagonal, g);
        foreach (int products in new[] { 6, 15, 30, 200 })
        {
            var options = new LanczosOptions(Selection.BothEnds(3, 2)) { MaxProducts = products, Seed = (ulong)seed, BasisSize = 20, Tolerance = 1e-7 };
            using var found = Lanczos.Solve(Matrices.Operator<T>(a), options, null, metric.Metric);
            foreach (var value in found.Values)
            {
                Assert.That(Spectra[seed % 3].Min(lambda => Math.Abs(lambda - value.Value)), Is.LessThanOrEqualTo(value.Residual));
            }
        }
    }

    /// <summary>A = L S Lᵀ and G = L Lᵀ, so that G⁻¹A has the spectrum of S.</summary>
    private static (Matrix<double> A, Matrix<double> G) Problem(bool isDiagonal, double[] spectrum, int seed)
    {
        var s = Matrices.WithSpectrum(spectrum, seed);
        var g = isDiagonal
            ? Matrix<double>.Build.DenseOfDiagonalArray(Diagonal)
            : Matrices.WithSpectrum([.. Enumerable.Range(0, N).Select(i => Math.Pow(10, 1 - (2.0 * i / N)))], seed + 50);
        var l = g.Cholesky().Factor;
        var a = l * s * l.Transpose();
        return ((a + a.Transpose()) / 2, g);
    }

    private static Matrix<double> Symmetric(Matrix<double> a, Matrix<double> g)
    {
        var inverse = Matrix<double>.Build.DenseOfDiagonalArray([.. g.Diagonal().Select(x => 1 / Math.Sqrt(x))]);
        return inverse * a * inverse;
    }

    private static double LogDeterminant(Matrix<double> a) => 2 * a.Cholesky().Factor.Diagonal().Sum(Math.Log);

    private static double DualNorm(Matrix<double> a, Matrix<double> g, Vector<double> y, double theta)
    {
        var r = (a * y) - (theta * (g * y));
        return Math.Sqrt(Math.Max(0, r * g.Cholesky().Solve(r)));
    }

    /// <summary>The library's diagonal metric, or one made by a stranger, who offers no root.</summary>
    private sealed class Chosen<T>(bool isDiagonal, Matrix<double> g) : IDisposable where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        public IMetric<T> Metric { get; } = isDiagonal
            ? new DiagonalMetric<T>(Matrices.Backend, g.Diagonal().ToArray())
            : new Dense<T>(g);

        public void Dispose() => (Metric as IDisposable)?.Dispose();
    }

    private sealed class Dense<T>(Matrix<double> g) : IMetric<T> where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        private readonly Counting<T> _apply = Matrices.Operator<T>(g), _solve = Matrices.Operator<T>(g.Inverse());

        public long Dimension => _apply.Dimension;

        public IBackend Backend => _apply.Backend;

        public void ApplyBlock(
            MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
            _apply.ApplyBlock(v, result, progress, cancellationToken);

        public void SolveBlock(
            MatrixView<T> w, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
            _solve.ApplyBlock(w, result, progress, cancellationToken);
    }
}
