namespace Quotient.Symmetry;

/// <summary>Where θ is along a path, and the length of that.</summary>
internal abstract class Way
{
    /// <summary>The number of random orders in which it is gone; null where there is one way.</summary>
    public virtual int? Orders => null;

    /// <summary>From end to end.</summary>
    public abstract ParameterDistance Length { get; }

    /// <summary>target ← θ at t = part/whole, of one of the orders; the ends are what they are, without rounding.</summary>
    public abstract void At(int order, long part, long whole, double[] target);
}

/// <summary>(1 − t) A + t B.</summary>
internal sealed class StraightWay(Model a, Model b) : Way
{
    public override ParameterDistance Length => Distances.Straight(a, b);

    public override void At(int order, long part, long whole, double[] target) => Mix(a.Parameters, b.Parameters, (double)part / whole, target);

    /// <summary>target ← (1 − t) one + t other.</summary>
    public static void Mix(ReadOnlySpan<double> one, ReadOnlySpan<double> other, double t, Span<double> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = t == 1 ? other[i] : ((1 - t) * one[i]) + (t * other[i]);
        }
    }
}

/// <summary>A geodesic of the spheres.</summary>
internal sealed class GeodesicWay(Model a, Model b, Spheres spheres) : Way
{
    private readonly Geodesic _geodesic = new(a.Parameters, b.Parameters, spheres);

    public override ParameterDistance Length => Distances.Of(_geodesic, spheres);

    public override void At(int order, long part, long whole, double[] target) => _geodesic.At((double)part / whole, target);
}

/// <summary>
/// A way between standard forms with logits at the networks' own scale, s_A^(1−t) s_B^t times those of the standard form: their errors are the
/// same, but their losses would be those of other networks.
/// </summary>
/// <param name="own">The way.</param>
/// <param name="spheres">Those of its network.</param>
/// <param name="scaleOfA">s_A/r.</param>
/// <param name="scaleOfB">s_B/r.</param>
internal sealed class RescaledWay(Way own, Spheres spheres, double scaleOfA, double scaleOfB) : Way
{
    public override ParameterDistance Length => own.Length;

    public override void At(int order, long part, long whole, double[] target)
    {
        double t = (double)part / whole;
        own.At(order, part, whole, target);
        spheres.ScaleOutputs(Math.Pow(scaleOfA, 1 - t) * Math.Pow(scaleOfB, t), target);
    }
}

/// <summary>Two ways one after the other, t = ½ between.</summary>
internal sealed class BentWay(Way first, Way second) : Way
{
    public override int? Orders => first.Orders;

    public override ParameterDistance Length
    {
        get
        {
            var (one, other) = (first.Length, second.Length);
            return new(one.Value + other.Value, null, null, one.Antipodal + other.Antipodal) { Real = one.Real + other.Real };
        }
    }

    public override void At(int order, long part, long whole, double[] target)
    {
        if (2 * part <= whole)
        {
            first.At(order, 2 * part, whole, target);
        }
        else
        {
            second.At(order, (2 * part) - whole, whole, target);
        }
    }
}
