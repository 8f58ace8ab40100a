using NUnit.Framework;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class TraceTests
{
    private static readonly double[] Decaying = [.. Enumerable.Range(1, 120).Select(i => (i % 4 == 0 ? -1 : 1) * Math.Pow(i, -0.8))];

    [TestCase(TraceMethod.Hutchinson)]
    [TestCase(TraceMethod.HutchPlusPlus)]
    public void The_estimate_is_within_four_standard_errors_and_their_size_is_honest(TraceMethod method)
    {
        var matrix = Matrices.WithSpectrum(Decaying, 1);
        double exact = matrix.Trace();
        int within = 0, seeds = 150;
        for (ulong seed = 0; seed < (ulong)seeds; seed++)
        {
            var a = Matrices.Operator<double>(matrix);
            var trace = Trace.Estimate(a, new() { Method = method, Seed = seed, Tolerance = 0.1, Budget = 72 });
            double errors = Math.Abs(trace.Value - exact) / trace.StandardError;
            Assert.That(errors, Is.LessThan(4), $"seed {seed}");
            Assert.That(trace.Products, Is.EqualTo(a.Products));
            within += errors < 1 ? 1 : 0;
        }

        // 68 % of normal errors are within one standard error; ±4 deviations of a binomial of 150.
        Assert.That(within / (double)seeds, Is.InRange(0.53, 0.83));
    }

    [Test]
    public void Hutchinson_stops_at_its_tolerance_and_says_when_it_cannot()
    {
        var a = Matrices.Operator<double>(Matrices.WithSpectrum(Decaying, 2));
        var options = new TraceOptions { Method = TraceMethod.Hutchinson, Tolerance = 0.05, Seed = 5 };
        var met = Trace.Estimate(a, options);
        Assert.That(met.Converged);
        Assert.That(met.StandardError, Is.LessThanOrEqualTo(0.05 * Math.Abs(met.Value)));
        var missed = Trace.Estimate(a, options with { Tolerance = 1e-4, MaxProbes = 40 });
        Assert.That(missed.Converged, Is.False);
        Assert.That(missed.Products, Is.EqualTo(40));
    }

    [Test]
    public void A_diagonal_needs_no_more_than_the_fewest_probes()
    {
        var trace = Trace.Estimate(Matrices.Diagonal<double>([1, 2, 3.5]), new());
        Assert.That(trace.Value, Is.EqualTo(6.5).Within(1e-14));
        Assert.That(trace.Products, Is.EqualTo(16));
        Assert.That(trace.Method, Is.EqualTo("hutchinson"));
    }

    [Test]
    public void Hutch_plus_plus_is_exact_where_the_rank_is_within_its_sketch()
    {
        var matrix = Matrices.WithSpectrum([5, 3, -2, 1, .. Enumerable.Repeat(0.0, 60)], 3);
        var trace = Trace.Estimate(Matrices.Operator<double>(matrix), new() { Method = TraceMethod.HutchPlusPlus, Budget = 24 });
        Assert.That(trace.Value, Is.EqualTo(7).Within(1e-12));
        Assert.That(trace.StandardError, Is.LessThan(1e-12));
    }

    [Test]
    public void Hutch_plus_plus_beats_hutchinson_on_a_decaying_spectrum()
    {
        var a = Matrices.Operator<double>(Matrices.WithSpectrum([.. Enumerable.Range(1, 150).Select(i => 1.0 / (i * i))], 3));
        var plus = Trace.Estimate(a, new() { Method = TraceMethod.HutchPlusPlus, Budget = 96 });
        var plain = Trace.Estimate(a, new() { Method = TraceMethod.Hutchinson, MinProbes = 96, MaxProbes = 96 });
        Assert.That(plus.StandardError, Is.LessThan(0.1 * plain.StandardError));
    }

    [Test]
    public void Small_and_zero_operators_work(
        [Values(TraceMethod.Auto, TraceMethod.Hutchinson, TraceMethod.HutchPlusPlus)] TraceMethod method)
    {
        Assert.That(Trace.Estimate(Matrices.Diagonal<double>([3]), new() { Method = method }).Value, Is.EqualTo(3).Within(1e-14));
        var zero = Trace.Estimate(Matrices.Diagonal<double>([0, 0]), new() { Method = method });
        Assert.That((zero.Value, zero.StandardError, zero.Converged), Is.EqualTo((0.0, 0.0, true)));
    }

    [Test]
    public void An_operator_that_knows_its_trace_is_asked()
    {
        var trace = Trace.Estimate(new Known(), new());
        Assert.That(trace, Is.EqualTo(new TraceEstimate(42, 0, 0.5, "exact", true)));
        Assert.That(Trace.Estimate(new Known(), new() { Method = TraceMethod.Hutchinson }).Value, Is.Zero);
    }

    [Test]
    public void Impossible_requests_are_refused()
    {
        var a = Matrices.Diagonal<double>([1, 2]);
        Assert.Throws<QuotientException>(() => Trace.Estimate(a, new() { Method = TraceMethod.Exact }));
        Assert.Throws<QuotientException>(() => Trace.Estimate(a, new() { Budget = 10 }));
        Assert.Throws<QuotientException>(() => Trace.Estimate(a, new() { Tolerance = 0 }));
        Assert.Throws<QuotientException>(() => Trace.Estimate(a, new() { MinProbes = 1 }));
        Assert.Throws<QuotientException>(() => Trace.Estimate(a, new() { MaxProbes = 3 }));
        Assert.Throws<QuotientException>(() => Trace.Estimate(a, new() { BlockSize = 0 }));
        Assert.Throws<QuotientException>(() => Trace.Estimate(Matrices.Diagonal<double>([1, double.NaN]), new()));
    }

    [Test]
    public void A_cancelled_estimate_takes_no_product()
    {
        var a = Matrices.Diagonal<double>([1, 2]);
        Assert.Throws<OperationCanceledException>(() => Trace.Estimate(a, new(), null, null, new(true)));
        Assert.That(a.Products, Is.Zero);
    }

    /// <summary>Claims a trace that its products do not have, to show which was used.</summary>
    private sealed class Known : ISymmetricOperator<double>, IExactDiagonal<double>
    {
        public long Dimension => 3;

        public IBackend Backend => Matrices.Backend;

        public double DiagonalCost => 0.5;

        public double TraceCost => 0.5;

        public void ApplyBlock(
            MatrixView<double> v, MatrixView<double> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        {
            for (long i = 0; i < result.Rows; i++)
            {
                Backend.Ops<double>().Fill(result.Row(i), 0);
            }
        }

        public void Diagonal(VectorView<double> diagonal, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
            Backend.Ops<double>().Fill(diagonal, 14);

        public double Trace(IProgress<double>? progress = null, CancellationToken cancellationToken = default) => 42;
    }
}
