using NUnit.Framework;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

/// <summary>What a caller may ask, stop and get wrong.</summary>
public class LanczosRequestTests
{
    [Test]
    public void Cancelling_stops_before_the_next_product()
    {
        using var source = new CancellationTokenSource();
        var a = Matrices.Operator<double>(Matrices.Symmetric(50, 1));
        a.OnProduct = () =>
        {
            if (a.Products == 5)
            {
                source.Cancel();
            }
        };
        Assert.Throws<OperationCanceledException>(() => Lanczos.Solve(a, Options(Selection.Largest(3)), null, null, null, source.Token));
        Assert.That(a.Products, Is.EqualTo(5));
    }

    [Test]
    public void The_token_reaches_the_products()
    {
        using var source = new CancellationTokenSource();
        var token = source.Token;
        Action<Counting<double>>[] uses =
        [
            a => Lanczos.Solve(a, Options(Selection.Largest(3)) with { Verify = true }, null, null, null, token).Dispose(),
            a => Quadrature.Of(a, new() { Steps = 5 }, null, null, token),
            a => Trace.Estimate(a, new(), null, null, token),
            a => Trace.Estimate(a, new() { Method = TraceMethod.HutchPlusPlus }, null, null, token),
        ];
        foreach (var use in uses)
        {
            var a = Matrices.Operator<double>(Matrices.Symmetric(30, 1));
            use(a);
            Assert.That(a.Token, Is.EqualTo(token));
        }
    }

    [Test]
    public void Progress_is_told_and_ends_at_the_whole()
    {
        var told = new List<SpectrumProgress>();
        using var found = Lanczos.Solve(
            Matrices.Operator<double>(Matrices.Symmetric(50, 1)), Options(Selection.Largest(3)), null, null, new Listener(told.Add));
        Assert.That(told, Has.Count.GreaterThan(10));
        Assert.That(told.Select(p => p.Fraction), Is.All.InRange(0, 1));
        Assert.That(told[^1].Fraction, Is.EqualTo(1));
    }

    [Test]
    public void An_operator_that_is_not_symmetric_is_refused()
    {
        var matrix = Matrices.Symmetric(20, 1);
        matrix[3, 7] += 4;
        var error = Assert.Throws<QuotientException>(() => Lanczos.Solve(Matrices.Operator<double>(matrix), Options(Selection.Largest(2))));
        Assert.That(error!.Message, Does.Contain("not symmetric"));
    }

    [Test]
    public void A_product_that_is_not_finite_is_refused([Values(double.NaN, double.PositiveInfinity)] double bad)
    {
        var a = Matrices.Diagonal<double>([1, 2, bad, 4]);
        Assert.Throws<QuotientException>(() => Lanczos.Solve(a, Options(Selection.Largest(2))));
    }

    [Test]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        var matrix = Matrices.Symmetric(60, 4);
        double[] Residuals(ulong seed)
        {
            using var found = Lanczos.Solve(Matrices.Operator<double>(matrix), new(Selection.Largest(3)) { Seed = seed });
            return [.. found.Values.Select(value => value.Residual)];
        }

        double[] first = Residuals(1), again = Residuals(1), other = Residuals(2);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void Impossible_requests_are_one_sentence()
    {
        var a = Matrices.Diagonal<double>([1, 2, 3]);
        void Refuses(LanczosOptions options, string part) =>
            Assert.That(() => Lanczos.Solve(a, options), Throws.TypeOf<QuotientException>().With.Message.Contains(part));

        var good = new LanczosOptions(Selection.Largest(1));
        Refuses(good with { Wanted = Selection.Largest(4) }, "4 eigenvalues were asked for, of an operator of dimension 3");
        Refuses(good with { Wanted = Selection.BothEnds(2, 2) }, "dimension 3");
        Refuses(good with { Tolerance = 0 }, "tolerance");
        Refuses(good with { Tolerance = double.NaN }, "tolerance");
        Refuses(good with { BlockSize = 0 }, "block size");
        Refuses(good with { MaxProducts = 0 }, "products");
        Refuses(good with { BasisSize = 1 }, "basis");
        Assert.Throws<QuotientException>(() => Selection.Largest(0));
        Assert.Throws<QuotientException>(() => Selection.BothEnds(-1, 3));
        using var wrong = Matrices.Backend.Allocate<double>(8);
        Assert.Throws<QuotientException>(() => Lanczos.Solve(a, good, wrong.Matrix(2, 4)));
    }

    private static LanczosOptions Options(Selection wanted) => new(wanted) { Tolerance = 1e-10 };

    private sealed class Listener(Action<SpectrumProgress> tell) : IProgress<SpectrumProgress>
    {
        public void Report(SpectrumProgress value) => tell(value);
    }
}
