using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>
/// The metric of any symmetric positive definite operator, such as <c>at.GaussNewton.Shift(0.1)</c>: solved by conjugate gradients
/// (Hestenes and Stiefel 1952), one product an iteration.
/// </summary>
/// <param name="g">G.</param>
/// <param name="tolerance">‖G x − w‖ ≤ tolerance · ‖w‖ ends a solution; null for 1e-12 in double and 1e-6 in single.</param>
/// <param name="mostProducts">Iterations at most.</param>
public sealed class SolvedMetric<T>(ISymmetricOperator<T> g, double? tolerance = null, int mostProducts = 2000) : IMetric<T>, IAnyPrecision
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly double _tolerance = tolerance ?? (typeof(T) == typeof(double) ? 1e-12 : 1e-6);

    /// <inheritdoc/>
    public long Dimension => g.Dimension;

    /// <inheritdoc/>
    public IBackend Backend => g.Backend;

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        g.ApplyBlock(v, result, progress, cancellationToken);

    /// <inheritdoc/>
    public bool HasTwin => g is IAnyPrecision { HasTwin: true };

    /// <inheritdoc/>
    /// <remarks>Solved to the same tolerance, in twice the products, so that it succeeds where this does.</remarks>
    public ISymmetricOperator<TOther>? In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther> =>
        (g as IAnyPrecision)?.In<TOther>(owned, cancellationToken) is { } twin ? new SolvedMetric<TOther>(twin, _tolerance, 2 * mostProducts) : null;

    /// <inheritdoc/>
    /// <exception cref="QuotientException">G is not positive definite, or the tolerance is not reached.</exception>
    public void SolveBlock(
        MatrixView<T> w, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Backend.Gate.Enter();
        using var vectors = Backend.AllocateRows<T>(3, Dimension);
        using var scalar = Backend.Allocate<double>(1);
        for (long row = 0; row < w.Rows; row++)
        {
            Solve(w.Row(row), result.Row(row), vectors.Rows(3, Dimension), scalar, cancellationToken);
            progress?.Report((row + 1.0) / w.Rows);
        }
    }

    private void Solve(VectorView<T> w, VectorView<T> x, MatrixView<T> vectors, DeviceBuffer<double> scalar, CancellationToken cancellationToken)
    {
        var ops = Backend.Ops<T>();
        var (r, p, gp) = (vectors.Row(0), vectors.Row(1), vectors.Row(2));
        ops.Fill(x, 0);
        ops.Copy(w, r);
        ops.Copy(w, p);
        double square = Dot(r, r, scalar), goal = _tolerance * _tolerance * square;
        QuotientException.ThrowIf(
            !double.IsNormal(goal) && (square != 0 || Array.Exists(Backend.Read(w), value => value != T.Zero)),
            $"a vector to be solved for by a metric has a square of {square:g3}, beyond what double precision holds; scale the operator");
        for (int products = 0; square > goal; products++)
        {
            QuotientException.ThrowIf(
                products == mostProducts,
                $"a metric was not solved to {_tolerance} by {mostProducts} products but to {_tolerance * Math.Sqrt(square / goal):g2}; damp it, or allow more");

            g.Apply(p, gp, cancellationToken);
            double curvature = Dot(p, gp, scalar);
            QuotientException.ThrowIf(
                !(curvature > 0), $"the metric is not positive definite: ⟨p, G p⟩ is {curvature:g3} for some p");

            ops.Axpy(square / curvature, p, x);
            ops.Axpy(-square / curvature, gp, r);
            double next = Dot(r, r, scalar);
            ops.Scale(next / square, p);
            ops.Axpy(1, r, p);
            square = next;
        }
    }

    private double Dot(VectorView<T> x, VectorView<T> y, DeviceBuffer<double> scalar)
    {
        Backend.Ops<T>().Dot(x, y, scalar.All);
        return Backend.Read(scalar.All)[0];
    }
}
