using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

public class SymmetricEigenTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(10)]
    [TestCase(200)]
    public void The_discrete_laplacian_has_its_closed_form(int n)
    {
        var a = Tridiagonal(n, _ => 2, _ => -1);
        for (int k = 1; k <= n; k++)
        {
            double exact = 2 - (2 * Math.Cos(k * Math.PI / (n + 1)));
            Assert.That(Values(a)[k - 1], Is.EqualTo(exact).Within(4e-15 * Math.Sqrt(n)));
        }
    }

    [Test]
    public void Random_matrices_agree_with_mathnet_and_their_eigenvectors_diagonalise(
        [Values(1, 2, 3, 5, 17, 64)] int n, [Range(1, 4)] int seed)
    {
        var a = Matrices.Symmetric(n, seed);
        double norm = a.L2Norm();
        double[] vectors = SymmetricEigen.Identity(n);
        double[] values = SymmetricEigen.Dense(a.ToRowMajorArray(), n, vectors, n);
        var s = Matrix<double>.Build.DenseOfRowMajor(n, n, vectors);
        Assert.That(values, Is.Ordered);
        Assert.That(values, Is.EqualTo(Matrices.Eigenvalues(a)).Within(2e-14 * norm));
        Assert.That((s * s.Transpose() - Matrix<double>.Build.DenseIdentity(n)).L2Norm(), Is.LessThan(2e-14));
        Assert.That((s * a * s.Transpose() - Matrix<double>.Build.DenseOfDiagonalArray(values)).L2Norm(), Is.LessThan(3e-14 * norm));
    }

    [Test]
    public void Clustered_and_tied_eigenvalues_come_out_as_often_as_they_are()
    {
        double[] spectrum = [-3, -3, -3, 0, 0, 1, 1 + 1e-9, 1 + 2e-9, 7, 7];
        Assert.That(Values(Matrices.WithSpectrum(spectrum, 5)), Is.EqualTo(spectrum).Within(2e-14));
    }

    [Test]
    public void Graded_matrices_lose_nothing_against_their_norm([Values(true, false)] bool upwards)
    {
        var a = Tridiagonal(12, i => Math.Pow(10, upwards ? i : 11 - i), i => 0.1 * Math.Pow(10, upwards ? i : 10 - i));
        Assert.That(Values(a), Is.EqualTo(Matrices.Eigenvalues(a)).Within(1e-14 * 1e11));
    }

    [Test]
    public void Decoupled_blocks_keep_to_themselves()
    {
        var a = Tridiagonal(6, i => i < 3 ? 1 : 5, i => i == 2 ? 0 : 0.5);
        double root = Math.Sqrt(0.5);
        Assert.That(Values(a), Is.EqualTo(new[] { 1 - root, 1, 1 + root, 5 - root, 5, 5 + root }).Within(1e-14));
    }

    [TestCase(1e-160)]
    [TestCase(1e160)]
    public void Extreme_scales_neither_overflow_nor_vanish(double scale)
    {
        var a = Matrices.Symmetric(9, 3);
        Assert.That(Values(a * scale), Is.EqualTo(Matrices.Eigenvalues(a).Select(x => x * scale)).Within(1e-13 * scale));
    }

    [Test]
    public void A_zero_diagonal_and_a_zero_matrix_are_no_trouble()
    {
        Assert.That(Values(Tridiagonal(4, _ => 0, i => i == 1 ? 0 : 1)), Is.EqualTo(new[] { -1.0, -1, 1, 1 }).Within(1e-15));
        Assert.That(Values(Matrix<double>.Build.Dense(4, 4)), Is.All.Zero);
    }

    [Test]
    public void A_carried_row_becomes_components_of_the_eigenvectors()
    {
        var a = Matrices.Symmetric(20, 8);
        double[] all = SymmetricEigen.Identity(20), last = new double[20];
        last[^1] = 1;
        SymmetricEigen.Dense(a.ToRowMajorArray(), 20, all, 20);
        SymmetricEigen.Dense(a.ToRowMajorArray(), 20, last, 1);
        Assert.That(last, Is.EqualTo(Enumerable.Range(0, 20).Select(i => all[(i * 20) + 19])).Within(1e-15));
    }

    [Test]
    public void A_matrix_that_is_not_finite_is_refused_rather_than_iterated_on_for_ever() =>
        Assert.Throws<InvalidOperationException>(() => Values(Tridiagonal(3, _ => double.NaN, _ => 1)));

    private static double[] Values(Matrix<double> a) => SymmetricEigen.Dense(a.ToRowMajorArray(), a.RowCount, [], 0);

    private static Matrix<double> Tridiagonal(int n, Func<int, double> diagonal, Func<int, double> beside) =>
        Matrix<double>.Build.Dense(n, n, (i, j) => i == j ? diagonal(i) : Math.Abs(i - j) == 1 ? beside(Math.Min(i, j)) : 0);
}
