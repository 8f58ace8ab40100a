using Quotient.Backends;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>Log determinants by stochastic Lanczos quadrature.</summary>
public static class LogDet
{
    /// <summary>The damping used where none is given, as a share of the largest |θ|.</summary>
    public const double DefaultDamping = 1e-6;

    /// <summary>The share of an eigenvalue that may be hidden at 0 where there is none: one that is there shows less in one probe of a hundred.</summary>
    private const double MostHidden = 1e-4;

    /// <summary>Shorter rules that a rule is compared with.</summary>
    private const int Shorter = 8;

    /// <summary>
    /// (d/n_v) Σ_probes Σ_k τ_k log θ_k where the rules show A to be positive definite; otherwise, or where δ is given, the same of
    /// log(|θ_k| + δ), with the share of eigenvalues below 0. Without damping, an operator with a node at 0 is singular.
    /// </summary>
    /// <param name="quadrature">The probes' rules.</param>
    /// <param name="damping">δ ≥ 0; null for 0 where A is positive definite, and 1e-6 of the largest |θ| elsewhere.</param>
    /// <exception cref="QuotientException">δ is negative.</exception>
    public static LogDeterminant Estimate(Quadrature quadrature, double? damping = null)
    {
        QuotientException.ThrowIf(
            damping is < 0 or double.NaN, $"the damping of the log determinant is {damping}; it must be 0 or more");

        // Nodes of no weight belong to directions that the probe does not see.
        double[] nodes = [.. quadrature.Rules.SelectMany(rule => rule.Nodes.Zip(rule.Weights)).Where(pair => pair.Second > 0).Select(pair => pair.First)];
        double hidden = HiddenAtZero(quadrature);
        bool isPositive = nodes.All(node => node > quadrature.Floor) && hidden < MostHidden;
        double delta = damping ?? (isPositive ? 0 : DefaultDamping * nodes.Max(Math.Abs));
        double negative = quadrature.TraceOf(theta => theta < -quadrature.Floor ? 1 : 0).Value / quadrature.Dimension;
        if (delta == 0 && nodes.Any(node => Math.Abs(node) <= quadrature.Floor))
        {
            return new(double.NegativeInfinity, 0, 0, 0, delta, negative, quadrature.Products);
        }

        var (value, sampling) = quadrature.TraceOf(theta => Math.Log(Math.Abs(theta) + delta));
        double rules = delta == 0 && hidden >= MostHidden
            ? double.PositiveInfinity
            : QuadratureError(quadrature, delta, nodes.Min() >= -quadrature.Floor);
        return new(value, sampling + rules, sampling, rules, delta, negative, quadrature.Products);
    }

    /// <summary>
    /// How many eigenvalues at 0 the rules may have mixed up with small ones, where none is negative: the weight that a Gauss–Radau rule
    /// gives to 0 is the most that can be there (Markov and Stieltjes), and one eigenvalue has 1/d on average.
    /// </summary>
    private static double HiddenAtZero(Quadrature quadrature) => quadrature.Dimension * quadrature.Rules.Average(
        rule => rule.Steps is { } steps && steps.RuleWith(quadrature.Floor) is { } radau && radau.Nodes[0] <= 2 * quadrature.Floor ? radau.Weights[0] : 0);

    /// <summary>
    /// What the rules may be off: by their steps, and by rounding of their nodes. Where no eigenvalue is negative, the true value lies
    /// between the Gauss rule and the Gauss–Radau rule with a node at 0; else it is judged by how far shorter rules are off, twice.
    /// </summary>
    private static double QuadratureError(Quadrature quadrature, double delta, bool isSemidefinite)
    {
        double rounding = quadrature.TraceOf(theta => OneSided(quadrature.Floor / (Math.Abs(theta) + delta))).Value;
        if (quadrature.Rules.Any(rule => rule.Steps is null))
        {
            return rounding;
        }

        // Without damping, nothing is hidden below the floor.
        double origin = delta > 0 ? 0 : quadrature.Floor;
        double error = Math.Abs(Difference(rule => rule.RuleWith(origin)));
        if (!isSemidefinite)
        {
            int steps = quadrature.Rules.Max(rule => rule.Steps!.Count);
            int[] shorter = [.. Enumerable.Range(0, Shorter).Select(i => (steps / 2) + (i * (steps - (steps / 2)) / Shorter))];
            error = Math.Max(error, 2 * shorter.Max(k => Math.Abs(Difference(rule => rule.Rule(Math.Clamp(k, 1, rule.Count))))));
        }

        return error + rounding;

        // By how much a logarithm may be off where its argument is, by this share: downwards is more, as long as it is above 0.
        static double OneSided(double share) => share < 0.5 ? -NearOne.Log(-share) : NearOne.Log(share) + Math.Log(2);

        double Difference(Func<Recurrence, GaussRule> other) => quadrature.Dimension * quadrature.Rules.Average(
            rule => Logarithm(other(rule.Steps!)) - Logarithm(rule));

        double Logarithm(GaussRule rule) => rule.Integrate(theta => Math.Log(Math.Abs(theta) + delta));
    }
}
