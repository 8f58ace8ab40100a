using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class LanczosTests
{
    private static readonly TestCaseData[] Spectra =
    [
        Case("one", [4.0]),
        Case("two", [-1.0, 3]),
        Case("two opposite", [-2.0, 2]),
        Case("three", [-1.0, 0, 7]),
        Case("identity", Enumerable.Repeat(1.0, 20)),
        Case("zero", Enumerable.Repeat(0.0, 20)),
        Case("rank three", [.. Enumerable.Repeat(0.0, 30), 1, 2, 5]),
        Case("indefinite", Enumerable.Range(-20, 41).Select(i => i * Math.Abs(i) / 100.0)),
        Case("tied", [.. Enumerable.Range(0, 40).Select(i => i / 40.0), 3, 3, 3, 2, 2]),
        Case("tied at both ends", [-4.0, -4, -4, .. Enumerable.Range(0, 40).Select(i => i / 40.0), 6, 6]),
        Case("clustered", [.. Enumerable.Range(0, 50).Select(i => i / 50.0), 2, 2 + 1e-6, 2 + 2e-6, 2 + 3e-6]),
        Case("graded", Enumerable.Range(0, 40).Select(i => Math.Pow(2, -i))),
        Case("every one tenfold", Enumerable.Range(0, 60).Select(i => Math.Pow(2, -(i / 10)))),
    ];

    [TestCaseSource(nameof(Spectra))]
    public void Both_ends_come_out_with_their_multiplicities(double[] spectrum)
    {
        foreach (int block in new[] { 1, 3 })
        {
            int top = Math.Min(5, (spectrum.Length + 1) / 2), bottom = Math.Min(4, spectrum.Length - top);
            var a = Matrices.Operator<double>(Matrices.WithSpectrum(spectrum, 3));
            using var found = Lanczos.Solve(a, Options(Selection.BothEnds(top, bottom)) with { BlockSize = block });
            AssertValues(found, [.. spectrum.OrderDescending().Take(top), .. spectrum.Order().Take(bottom)], spectrum);
            Assert.That(found.Products, Is.EqualTo(a.Products));
        }
    }

    [TestCaseSource(nameof(Spectra))]
    public void All_eigenvalues_can_be_asked_for(double[] spectrum)
    {
        var a = Matrices.Operator<double>(Matrices.WithSpectrum(spectrum, 4));
        using var found = Lanczos.Solve(a, Options(Selection.Largest(spectrum.Length)));
        AssertValues(found, [.. spectrum.OrderDescending()], spectrum);
    }

    [Test]
    public void Random_matrices_agree_with_mathnet([Values(1, 2, 3, 7, 40)] int n, [Range(1, 5)] int seed)
    {
        var matrix = Matrices.Symmetric(n, seed);
        double[] exact = Matrices.Eigenvalues(matrix);
        int k = Math.Min(4, n);
        foreach (var (wanted, expected) in new[]
        {
            (Selection.Largest(k), exact.OrderDescending()), (Selection.Smallest(k), exact.Order()),
            (Selection.Magnitude(k), exact.OrderByDescending(Math.Abs)),
        })
        {
            using var found = Lanczos.Solve(Matrices.Operator<double>(matrix), Options(wanted) with { Seed = (ulong)seed });
            AssertValues(found, [.. expected.Take(k)], exact);
        }
    }

    [Test]
    public void A_diagonal_of_dimension_100000_in_double() => LargeDiagonal<double>(1e-10, 1e-9);

    [Test]
    public void A_diagonal_of_dimension_100000_in_single() => LargeDiagonal<float>(1e-5, 1e-6);

    [Test]
    public void The_residual_bounds_the_true_error_however_few_the_products([Range(1, 40)] int seed)
    {
        var matrix = Matrices.Symmetric(60, seed);
        double[] exact = Matrices.Eigenvalues(matrix);
        BoundHolds<double>(matrix, exact, seed);
        BoundHolds<float>(matrix, exact, seed);
    }

    [Test]
    public void Pairs_that_have_not_converged_say_so()
    {
        var a = Matrices.Diagonal<double>([.. Enumerable.Range(1, 2000).Select(i => i / 2000.0)]);
        using var found = Lanczos.Solve(a, Options(Selection.Largest(5)) with { MaxProducts = 12 });
        Assert.That(found.Products, Is.EqualTo(12));
        Assert.That(found.Converged, Is.False);
        Assert.That(found.Values.Select(value => value.Converged), Is.All.False);
        Assert.That(found.Values[4].Value, Is.Not.EqualTo(1996 / 2000.0).Within(1e-6), "else the test shows nothing");
    }

    [Test]
    public void A_small_basis_restarts_and_finds_the_same([Values(1, 2)] int block)
    {
        var matrix = Matrices.WithSpectrum([.. Enumerable.Range(1, 200).Select(i => 1 / Math.Sqrt(i))], 6);
        var options = Options(Selection.Largest(6)) with { BlockSize = block };
        using var large = Lanczos.Solve(Matrices.Operator<double>(matrix), options);
        using var small = Lanczos.Solve(Matrices.Operator<double>(matrix), options with { BasisSize = 22 });
        AssertValues(small, [.. Enumerable.Range(1, 6).Select(i => 1 / Math.Sqrt(i))], [1.0]);
        Assert.That(small.Products, Is.GreaterThan(22).And.LessThan(6 * large.Products));
    }

    [Test]
    public void One_vector_without_the_search_for_multiples_misses_them()
    {
        double[] spectrum = [.. Enumerable.Range(0, 200).Select(i => i / 200.0), 3, 3, 2];
        var matrix = Matrices.WithSpectrum(spectrum, 9);
        using var blind = Lanczos.Solve(Matrices.Operator<double>(matrix), new(Selection.Largest(2)) { FindMultiples = false });
        using var seeing = Lanczos.Solve(Matrices.Operator<double>(matrix), new(Selection.Largest(2)));
        Assert.That(blind.Values[1].Value, Is.EqualTo(2).Within(1e-3));
        Assert.That(seeing.Values[1].Value, Is.EqualTo(3).Within(1e-3));
    }

    [Test]
    public void A_block_as_wide_as_the_multiplicity_sees_all_copies_by_itself()
    {
        double[] spectrum = [.. Enumerable.Range(0, 200).Select(i => i / 200.0), 3, 3, 3, 2];
        var a = Matrices.Operator<double>(Matrices.WithSpectrum(spectrum, 9));
        using var found = Lanczos.Solve(a, Options(Selection.Largest(4)) with { FindMultiples = false, BlockSize = 3 });
        AssertValues(found, [3, 3, 3, 2], spectrum);
    }

    [Test]
    public void Eigenvectors_are_orthonormal_and_measured_residuals_are_theirs()
    {
        var matrix = Matrices.Symmetric(80, 2);
        var options = new LanczosOptions(Selection.BothEnds(3, 3)) { MaxProducts = 25 };
        using var found = Lanczos.Solve(Matrices.Operator<double>(matrix), options with { Verify = true });
        using var unverified = Lanczos.Solve(Matrices.Operator<double>(matrix), options);
        Assert.That(found.Products, Is.EqualTo(unverified.Products + 6));
        var y = Matrix<double>.Build.DenseOfRowMajor(6, 80, Matrices.Read(found.Vectors.AsVector()));
        Assert.That((y * y.Transpose() - Matrix<double>.Build.DenseIdentity(6)).L2Norm(), Is.LessThan(1e-13));
        for (int i = 0; i < 6; i++)
        {
            double measured = (matrix * y.Row(i) - (found.Values[i].Value * y.Row(i))).L2Norm();
            Assert.That(found.Values[i].Residual, Is.EqualTo(measured).Within(1e-12));
            Assert.That(unverified.Values[i].Residual, Is.EqualTo(measured).Within(1e-12), "the recurrence knows the residual");
            Assert.That(measured, Is.GreaterThan(1e-8), "else the two agree at the floor");
        }
    }

    [Test]
    public void A_warm_start_saves_products_and_ends_at_the_same_values()
    {
        double[] spectrum = [.. Enumerable.Range(0, 12).Select(i => 1.3 - (0.09 * i)), .. Enumerable.Range(0, 290).Select(i => 0.05 * i / 290)];
        var before = Matrices.WithSpectrum(spectrum, 3);
        var after = before + (Matrices.Symmetric(302, 8) * 1e-5);
        var options = new LanczosOptions(Selection.Largest(5)) { Tolerance = 1e-3, BlockSize = 5 };
        using var nearby = Lanczos.Solve(Matrices.Operator<double>(before), options);
        using var cold = Lanczos.Solve(Matrices.Operator<double>(after), options);
        using var warm = Lanczos.Solve(Matrices.Operator<double>(after), options, nearby.Vectors);
        Assert.That(warm.Products, Is.LessThan(0.7 * cold.Products));
        Assert.That(warm.Values.Select(v => v.Value), Is.EqualTo(cold.Values.Select(v => v.Value)).Within(1e-5));
    }

    [Test]
    public void A_warm_start_blind_to_the_largest_eigenvector_still_finds_it([Values(1, 2)] int k)
    {
        var a = Matrices.Diagonal<double>([.. Enumerable.Range(0, 300).Select(i => i / 300.0), 2, 5]);
        using var start = Matrices.Backend.Allocate<double>(302);
        Matrices.Backend.Ops<double>().Normal(1, 1, start.Slice(0, 300));
        using var found = Lanczos.Solve(a, new(Selection.Largest(k)), start.Matrix(1, 302));
        Assert.That(found.Values[0].Value, Is.EqualTo(5).Within(1e-3));
    }

    private static void BoundHolds<T>(Matrix<double> matrix, double[] exact, int seed) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int products in new[] { 6, 15, 30, 200 })
        {
            var options = new LanczosOptions(Selection.BothEnds(3, 2)) { MaxProducts = products, Seed = (ulong)seed, BasisSize = 20, Tolerance = 1e-7 };
            using var found = Lanczos.Solve(Matrices.Operator<T>(matrix), options);
            foreach (var value in found.Values)
            {
                Assert.That(exact.Min(lambda => Math.Abs(lambda - value.Value)), Is.LessThanOrEqualTo(value.Residual));
            }
        }
    }

    private static void LargeDiagonal<T>(double tolerance, double accuracy) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] diagonal = [.. Enumerable.Range(0, 100_000).Select(i => i < 8 ? 10 - i : i < 12 ? -3 + (0.25 * (i - 8)) : i / 100_000.0)];
        var a = Matrices.Diagonal<T>(diagonal);
        using var found = Lanczos.Solve(a, new(Selection.BothEnds(5, 2)) { Tolerance = tolerance });
        double[] expected = [10, 9, 8, 7, 6, -3, -2.75];
        Assert.That(found.Converged);
        Assert.That(found.Values.Select(v => v.Value), Is.EqualTo(expected).Within(10 * accuracy));
    }

    private static void AssertValues(Eigenpairs<double> found, double[] expected, double[] spectrum)
    {
        Assert.That(found.Converged);
        Assert.That(found.Values.Select(value => value.Value), Is.EqualTo(expected).Within(1e-9 * spectrum.Max(Math.Abs)));
    }

    private static LanczosOptions Options(Selection wanted) => new(wanted) { Tolerance = 1e-10 };

    private static TestCaseData Case(string name, IEnumerable<double> spectrum) =>
        new TestCaseData(spectrum.ToArray()).SetArgDisplayNames(name);
}
