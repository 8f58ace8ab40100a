using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Spectra;
using Quotient.Tests.Spectra;

namespace Quotient.Tests.Operators;

/// <summary>Composed operators against dense matrices, in blocks of rows that are and are not padded.</summary>
public class OperatorAlgebraTests
{
    private const int N = 17;
    private static readonly Matrix<double> A = Matrices.Symmetric(N, 1), B = Matrices.Symmetric(N, 2), J = Matrices.Gaussian(N, 5, 3);
    private static readonly Matrix<double> V = Matrices.Gaussian(N, 4, 4).QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q.Transpose();

    private static IBackend Backend => Matrices.Backend;

    [Test]
    public void Sums_multiples_and_shifts_are_those_of_the_matrices()
    {
        var (a, b) = (Matrices.Operator<double>(A), Matrices.Operator<double>(B));
        var one = Matrix<double>.Build.DenseIdentity(N);
        AssertEqual(a.Shift(0.7), A + (0.7 * one));
        AssertEqual(a.Times(-3), -3 * A);
        AssertEqual(a.Plus(b), A + B);
        AssertEqual(a.Times(2).Plus(b.Shift(1), -0.5).Shift(3), (2 * A) - (0.5 * B) + (2.5 * one));
        AssertEqual(a.Plus(a, -1), 0 * A);
    }

    [Test]
    public void Nothing_is_known_of_a_sum_with_an_unknown_diagonal()
    {
        using var known = new DiagonalMetric<double>(Backend, [.. Enumerable.Range(1, N).Select(i => (double)i)]);
        Assert.That(known.Plus(Matrices.Operator<double>(A)), Is.Not.InstanceOf<IExactDiagonal<double>>());
        var sum = (IExactDiagonal<double>)known.Times(3).Plus(known.Shift(1), 2);
        Assert.That(sum.Trace(), Is.EqualTo((5.0 * N * (N + 1) / 2) + (2 * N)).Within(1e-12));
        using var diagonal = Backend.Allocate<double>(N);
        sum.Diagonal(diagonal.All);
        Assert.That(Matrices.Read(diagonal.All), Is.EqualTo(Enumerable.Range(1, N).Select(i => (5.0 * i) + 2)).Within(1e-12));
        Assert.That((sum.DiagonalCost, sum.TraceCost), Is.EqualTo((0.0, 0.0)));
    }

    [Test]
    public void Pull_backs_and_projections_are_those_of_the_matrices()
    {
        using var j = Store(J);
        using var v = Store(V);
        var a = Matrices.Operator<double>(A);
        AssertEqual(a.PullBack(new MatrixMap<double>(Backend, j.Matrix(N, 5))), J.Transpose() * A * J);
        var q = Matrix<double>.Build.DenseIdentity(N) - (V.Transpose() * V);
        AssertEqual(a.Without(v.Matrix(4, N)), q * A * q);
        using var found = Lanczos.Solve(a.Without(v.Matrix(4, N)), new(Selection.Largest(3)) { Tolerance = 1e-11 });
        Assert.That(found.Values.Select(x => x.Value), Is.EqualTo(Matrices.Eigenvalues(q * A * q).Reverse().Take(3)).Within(1e-10));
    }

    [Test]
    public void A_pull_back_in_the_pulled_back_metric_has_the_same_spectrum()
    {
        // Ã = JᵀAJ and G̃ = JᵀGJ for an invertible J: G̃⁻¹Ã is similar to G⁻¹A, whatever the coordinates.
        var square = Matrices.Gaussian(N, N, 8) + (3 * Matrix<double>.Build.DenseIdentity(N));
        var g = Matrices.WithSpectrum([.. Enumerable.Range(1, N).Select(i => 0.5 + (i / 10.0))], 5);
        using var stored = Store(square);
        var map = new MatrixMap<double>(Backend, stored.Matrix(N, N));
        var (a, metric) = (Matrices.Operator<double>(A), Matrices.Operator<double>(g));
        var options = new LanczosOptions(Selection.BothEnds(3, 3)) { Tolerance = 1e-10 };
        using var before = Lanczos.Solve(a, options, null, new SolvedMetric<double>(metric));
        using var after = Lanczos.Solve(a.PullBack(map), options, null, new SolvedMetric<double>(metric.PullBack(map), 1e-13));
        using var plain = Lanczos.Solve(a.PullBack(map), options);
        double[] expected = Dense(A, g);
        Assert.That(before.Values.Select(v => v.Value), Is.EqualTo(expected.Reverse().Take(3).Concat(expected.Take(3))).Within(1e-10));
        Assert.That(after.Values.Select(v => v.Value), Is.EqualTo(before.Values.Select(v => v.Value)).Within(1e-9));
        Assert.That(plain.Values[0].Value, Is.Not.EqualTo(before.Values[0].Value).Within(1e-2));
    }

    [Test]
    public void A_damped_operator_is_a_metric_with_trace_and_log_determinant()
    {
        var psd = B * B;
        var g = psd + (0.3 * Matrix<double>.Build.DenseIdentity(N));
        var metric = new SolvedMetric<double>(Matrices.Operator<double>(psd).Shift(0.3));
        var spd = A * A + Matrix<double>.Build.DenseIdentity(N);
        var trace = Trace.Estimate(Matrices.Operator<double>(spd), new(), metric);
        Assert.That(trace.Value, Is.EqualTo(g.Inverse().Multiply(spd).Trace()).Within(4 * trace.StandardError));
        var logDet = LogDet.Estimate(Quadrature.Of(Matrices.Operator<double>(spd), new(), metric));
        Assert.That(logDet.Value, Is.EqualTo(Math.Log(spd.Determinant()) - Math.Log(g.Determinant())).Within(1e-9));
    }

    [Test]
    public void Jacobians_pull_back_to_the_gauss_newton_matrix()
    {
        var network = Quotient.Network.Parse("5-7-3");
        using var engine = Engine.Open("cpu", 1);
        var model = Quotient.Model.Initialise(network, Quotient.Initialisation.He, 1);
        using var at = engine.Linearise(model, Quotient.Diagnostics.DrawnData.For(network, 6, new Random(1)));
        var identity = new HostOperator<float>(engine.Backend, 18, (v, result) => v.CopyTo(result));
        double gram = at.Jacobian.Gram.Top(1)[0].Value;
        Assert.That(identity.PullBack(at.Jacobian).Top(1)[0].Value, Is.EqualTo(gram).Within(0.01).Percent);
    }

    [Test]
    public void What_does_not_fit_is_refused()
    {
        var a = Matrices.Operator<double>(A);
        using var j = Store(J);
        Assert.Throws<QuotientException>(() => a.Plus(Matrices.Diagonal<double>([1, 2])));
        Assert.Throws<QuotientException>(() => Matrices.Diagonal<double>([1, 2]).PullBack(new MatrixMap<double>(Backend, j.Matrix(N, 5))));
        Assert.Throws<QuotientException>(() => a.Without(j.Matrix(N, 5)));
        var indefinite = new SolvedMetric<double>(a);
        Assert.Throws<QuotientException>(() => Lanczos.Solve(a, new(Selection.Largest(1)), null, indefinite));
        var hard = new SolvedMetric<double>(Matrices.Diagonal<double>([1, 1e9, 1e3]), 1e-12, 2);
        Assert.That(() => Lanczos.Solve(Matrices.Diagonal<double>([1, 2, 3]), new(Selection.Largest(1)), null, hard), Throws.TypeOf<QuotientException>().With.Message.Contains("2 products"));
    }

    /// <summary>Products with the unit vectors, in rows of a stride and offset that suit nobody.</summary>
    private static void AssertEqual(ISymmetricOperator<double> composed, Matrix<double> expected)
    {
        int n = expected.RowCount;
        Assert.That(composed.Dimension, Is.EqualTo(n));
        foreach (int stride in new[] { n, n + 3 })
        {
            using var from = Backend.Allocate<double>((n * stride) + 1);
            using var to = Backend.Allocate<double>((n * stride) + 2);
            for (int i = 0; i < n; i++)
            {
                Backend.Write<double>([1], from.Slice(1 + (i * stride) + i, 1));
            }

            composed.ApplyBlock(new(from, 1, n, n, stride), new(to, 2, n, n, stride));
            for (int i = 0; i < n; i++)
            {
                Assert.That(Matrices.Read(to.Slice(2 + (i * stride), n)), Is.EqualTo(expected.Row(i).ToArray()).Within(1e-10));
            }
        }
    }

    private static DeviceBuffer<double> Store(Matrix<double> matrix)
    {
        var buffer = Backend.Allocate<double>(matrix.RowCount * matrix.ColumnCount);
        Backend.Write<double>(matrix.ToRowMajorArray(), buffer.All);
        return buffer;
    }

    private static double[] Dense(Matrix<double> a, Matrix<double> g)
    {
        var inverse = g.Cholesky().Factor.Inverse();
        return Matrices.Eigenvalues(inverse * a * inverse.Transpose());
    }
}
