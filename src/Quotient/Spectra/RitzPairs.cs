using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>
/// What a Krylov space knows of a spectrum: the eigenvalues θ of T = VᵀAV in ascending order, and for each the norm of
/// A y − θ y = Σ_pending b v, which for a single vector is |β_m s_(m,i)|.
/// </summary>
/// <param name="Values">Ritz values, ascending.</param>
/// <param name="Residuals">Residual norms by the recurrence, without the floor.</param>
/// <param name="Coefficients">SᵀC for the carried C: row i belongs to value i.</param>
/// <param name="Floor">What rounding and asymmetry may add to any residual: see <see cref="ProjectedMatrix.Floor"/>.</param>
/// <param name="Rounding">The part of it that no precision-bound method can go below: see <see cref="ProjectedMatrix.Rounding"/>.</param>
internal sealed record RitzPairs(double[] Values, double[] Residuals, double[] Coefficients, double Floor, double Rounding)
{
    public int Count => Values.Length;

    /// <summary>What a comparison with another precision shows that rounding may add to every bound.</summary>
    public double Beyond { get; init; }

    /// <summary>The columns of S (or of SᵀC), for pair <paramref name="i"/>.</summary>
    public ReadOnlySpan<double> Row(int i) => Coefficients.AsSpan(i * (Coefficients.Length / Count), Coefficients.Length / Count);

    /// <summary>The largest |θ|.</summary>
    public double Largest => Math.Max(Math.Abs(Values[0]), Math.Abs(Values[^1]));

    /// <summary>Whether pair <paramref name="i"/> can gain no more: its residual is within tol·|θ|, or below what is rounding anyhow.</summary>
    public bool IsSettled(int i, double tolerance) => Residuals[i] <= Math.Max(tolerance * Math.Abs(Values[i]), Floor);

    /// <summary>Pair <paramref name="i"/> with its bound, as the recurrence has it.</summary>
    public Eigenvalue Judge(int i, double tolerance) => Judge(Values[i], Math.Max(Residuals[i], Floor), tolerance);

    /// <summary>A value whose bound is known: converged within tol·|θ|, or as far as the precision can see.</summary>
    public Eigenvalue Judge(double value, double bound, double tolerance) =>
        new(value, bound + Beyond, bound + Beyond <= Math.Max(tolerance * Math.Abs(value), Rounding + Math.Min(Beyond, 0.01 * Largest)));
}
