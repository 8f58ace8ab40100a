using NUnit.Framework;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

/// <summary>What a Krylov space asks of its operator and of the host.</summary>
public class KrylovSpaceTests
{
    private static readonly double[] Spectrum = [.. Enumerable.Range(0, 8).Select(i => 3 - (0.2 * i)), .. Enumerable.Range(0, 493).Select(i => i / 493.0)];

    [Test]
    public void Every_row_begins_on_128_bytes([Values(1, 31, 32, 33, 501)] int n, [Values(1, 3)] int width)
    {
        var a = new Watched(n);
        using var space = new KrylovSpace<float>(a, Math.Min(n, 8), width, 1);
        for (int i = 0; i < Math.Min(width, n); i++)
        {
            space.AddRandom();
        }

        while (!space.IsInvariant && !space.IsFull)
        {
            space.Expand(width);
        }

        Assert.That(a.Offsets, Is.Not.Empty.And.All.Matches<long>(offset => offset * sizeof(float) % 128 == 0));
    }

    [Test]
    public void A_quadrature_solves_one_small_eigenproblem_a_probe_and_the_pairs_one_more()
    {
        using var space = new KrylovSpace<double>(Matrices.Diagonal<double>(Spectrum), 160, 1, 1);
        var runs = new QuadratureRuns<double>(space, new() { Steps = 100 });
        runs.Run(0);
        Assert.That(space.Solves, Is.EqualTo(1));
        using var found = Lanczos.Continue(space, new(Selection.Largest(5)) { FindMultiples = false }, null, default);
        Assert.That((found.Converged, found.Products), Is.EqualTo((true, 0)));
        Assert.That(space.Solves, Is.EqualTo(2), "one with the vectors; the values are the rule's");
    }

    /// <summary>As Hessians have them, a slowly falling one, one without gaps, one that falls fast.</summary>
    private static readonly double[][] Kinds =
    [
        Spectrum,
        [.. Enumerable.Range(1, 400).Select(i => 1 / Math.Sqrt(i))],
        [.. Enumerable.Range(0, 400).Select(i => Math.Cos(Math.PI * i / 400))],
        [.. Enumerable.Range(1, 400).Select(i => Math.Pow(i, -2.0))],
    ];

    [Test]
    public void An_iteration_solves_seldom_and_yet_ends_in_time([Range(0, 3)] int kind, [Values(1e-3, 1e-5)] double tolerance, [Values(1, 2, 3)] int seed)
    {
        var options = new LanczosOptions(Selection.Largest(4)) { Tolerance = tolerance, FindMultiples = false };
        using var space = Begun(kind, seed);
        using var found = Lanczos.Continue(space, options, null, default);
        int solves = space.Solves;
        using var watched = Begun(kind, seed);
        do
        {
            watched.Expand(1);
        }
        while (watched.Order < 4 || !options.Wanted.Pick(watched.Values().Values).All(i => watched.Values().Judge(i, tolerance).Converged));
        TestContext.Out.WriteLine($"{kind} {tolerance}: {solves} solutions in {found.Products} products, {watched.Products} needed");
        Assert.That(found.Converged);
        Assert.That(found.Products, Is.LessThanOrEqualTo((1.1 * watched.Products) + 2));
        Assert.That(solves, Is.LessThan(20 + (0.15 * Math.Max(0, found.Products - 20))));
    }

    [Test]
    public void A_search_for_multiples_solves_seldom([Range(0, 3)] int kind)
    {
        using var space = Begun(kind, 1);
        using var found = Lanczos.Continue(space, new(Selection.Largest(3)) { Tolerance = 1e-4 }, null, default);
        int solves = space.Solves;
        using var blind = Begun(kind, 1);
        using var first = Lanczos.Continue(blind, new(Selection.Largest(3)) { Tolerance = 1e-4, FindMultiples = false }, null, default);
        TestContext.Out.WriteLine($"{kind}: {solves - blind.Solves} solutions in {found.Products - first.Products} products more, complete {found.Complete}");
        Assert.That(solves - blind.Solves, Is.LessThan(4 + (0.3 * (found.Products - first.Products))));
    }

    [Test]
    public void What_is_begun_is_finished_or_given_up()
    {
        var a = Matrices.Diagonal<double>(Spectrum);
        using var space = new KrylovSpace<double>(a, 20, 1, 1);
        using var other = new KrylovSpace<double>(Matrices.Diagonal<double>(Spectrum), 20, 1, 1);
        space.AddRandom();
        other.AddRandom();
        for (int i = 0; i < 12; i++)
        {
            space.Begin(1);
            space.Begin(1);
            double[] before = space.Order > 0 ? space.Values().Values : [];
            Assert.That(before, Has.Length.EqualTo(i));
            space.Expand(1);
            other.Expand(1);
        }

        Assert.That((a.Products, space.Products), Is.EqualTo((12, 12)));
        Assert.That(space.Values().Values, Is.EqualTo(other.Values().Values).Within(1e-13));
        space.Begin(1);
        space.Restart(space.Vectors(), [8, 9, 10, 11]);
        other.Restart(other.Vectors(), [8, 9, 10, 11]);
        space.Expand(1);
        other.Expand(1);
        Assert.That(space.Values().Values, Is.EqualTo(other.Values().Values).Within(1e-13));
        Assert.That((space.Products, other.Products), Is.EqualTo((14, 13)));
    }

    private static KrylovSpace<double> Begun(int kind, int seed)
    {
        var space = new KrylovSpace<double>(Matrices.Diagonal<double>(Kinds[kind]), 600, 1, (ulong)seed);
        space.AddRandom();
        return space;
    }

    private sealed class Watched(int n) : ISymmetricOperator<float>
    {
        private readonly Counting<float> _inner = Matrices.Diagonal<float>([.. Enumerable.Range(1, n).Select(i => (double)i)]);

        public List<long> Offsets { get; } = [];

        public long Dimension => n;

        public IBackend Backend => _inner.Backend;

        public void ApplyBlock(
            MatrixView<float> v, MatrixView<float> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        {
            Offsets.AddRange(Enumerable.Range(0, (int)v.Rows).SelectMany(i => new[] { v.Row(i).Offset, result.Row(i).Offset }));
            _inner.ApplyBlock(v, result, progress, cancellationToken);
        }
    }
}
