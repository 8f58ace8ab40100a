namespace Quotient.Symmetry;

/// <summary>
/// The shortest way between two points of a product of spheres and a Euclidean space: great circles at constant speed, straight lines elsewhere.
/// </summary>
/// <remarks>
/// On each sphere, with u and v the directions of the ends: θ = 2 atan2(‖u − v‖, ‖u + v‖), which is exact near 0 as an arc cosine is not, and
/// u(t) = cos(tθ) u + sin(tθ) e with e = v − ⟨u, v⟩ u normalised, which is stable near π as the quotient of sines is not. Ends of other norms
/// than 1 are met as well: the direction follows the great circle, the norm goes straight from ‖a‖ to ‖b‖. Where an end has norm 0, and so no
/// direction, the way is a straight line, as it is between opposite points of a sphere of one weight. Source: Pittorino et al. (2022), section 2.2.
/// </remarks>
public sealed class Geodesic
{
    /// <summary>θ above π less this counts as opposite: there e is known to 1e-10 only.</summary>
    private const double NearlyOpposite = 1e-6;

    private readonly double[] _a, _b, _along, _across, _normsOfA, _normsOfB;
    private readonly int[] _spheres;
    private readonly bool[] _isCurved;

    /// <summary>From a to b, two vectors of the parameters that the spheres are of.</summary>
    public Geodesic(double[] a, double[] b, Spheres spheres)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, spheres.Of.Length, nameof(a));
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, spheres.Of.Length, nameof(b));
        (_a, _b, _spheres) = (a, b, spheres.Of);
        (_normsOfA, _normsOfB) = (spheres.Norms(a), spheres.Norms(b));
        _isCurved = [.. _normsOfA.Zip(_normsOfB, (one, other) => one > 0 && other > 0)];
        _along = DirectionsOf(a, _normsOfA);
        double[] other = DirectionsOf(b, _normsOfB);
        Angles = AnglesTo(other);
        _across = Across(other);
        Antipodal = Angles.Count(angle => angle > Math.PI - NearlyOpposite);
    }

    /// <summary>θ of each sphere, from 0 to π; NaN where an end has no direction.</summary>
    public double[] Angles { get; }

    /// <summary>Spheres on which the ends are opposite but for 1e-6, so that the way is not unique.</summary>
    public int Antipodal { get; }

    /// <summary>target ← the point at t, from 0, which is a, to 1, which is b.</summary>
    public void At(double t, Span<double> target)
    {
        if (t is 0 or 1)
        {
            (t == 0 ? _a : _b).CopyTo(target);
            return;
        }

        double[] cosines = new double[Angles.Length], sines = new double[Angles.Length];
        for (int sphere = 0; sphere < Angles.Length; sphere++)
        {
            double norm = ((1 - t) * _normsOfA[sphere]) + (t * _normsOfB[sphere]);
            var (sine, cosine) = Math.SinCos(t * Angles[sphere]);
            (cosines[sphere], sines[sphere]) = (norm * cosine, norm * sine);
        }

        for (int i = 0; i < _a.Length; i++)
        {
            int sphere = _spheres[i];
            target[i] = IsOnCircle(sphere)
                ? (cosines[sphere] * _along[i]) + (sines[sphere] * _across[i])
                : ((1 - t) * _a[i]) + (t * _b[i]);
        }
    }

    /// <summary>a_i − b_i of what is Euclidean, or has no direction at one end.</summary>
    internal IEnumerable<double> Straight() => Enumerable.Range(0, _a.Length)
        .Where(i => _spheres[i] < 0 || double.IsNaN(Angles[_spheres[i]])).Select(i => _a[i] - _b[i]);

    private bool IsOnCircle(int sphere) => sphere >= 0 && _isCurved[sphere];

    private double[] DirectionsOf(double[] point, double[] norms)
    {
        double[] directions = new double[point.Length];
        for (int i = 0; i < point.Length; i++)
        {
            directions[i] = IsOnCircle(_spheres[i]) ? point[i] / norms[_spheres[i]] : 0;
        }

        return directions;
    }

    private double[] AnglesTo(double[] other)
    {
        double[] apart = SumsOf(i => Square(_along[i] - other[i])), together = SumsOf(i => Square(_along[i] + other[i]));
        return
        [
            .. _isCurved.Select((isCurved, sphere) =>
                isCurved ? 2 * Math.Atan2(Math.Sqrt(apart[sphere]), Math.Sqrt(together[sphere])) : double.NaN),
        ];
    }

    /// <summary>
    /// The unit vectors e; where v is u, which has no use for one, 0. Between points that are exactly opposite any will do: the one nearest to the
    /// axis that u is least along.
    /// </summary>
    private double[] Across(double[] other)
    {
        double[] across = [.. other];
        foreach (int sphere in Enumerable.Range(0, Angles.Length).Where(sphere => Angles[sphere] == Math.PI))
        {
            TakeLeastAxis(sphere, across);
        }

        // A second time takes out what rounding left of u where v is nearly along it.
        for (int round = 0; round < 2; round++)
        {
            double[] dots = SumsOf(i => _along[i] * across[i]);
            Change(across, (i, sphere) => across[i] - (dots[sphere] * _along[i]));
            double[] squares = SumsOf(i => Square(across[i]));
            Change(across, (i, sphere) => squares[sphere] > 0 ? across[i] / Math.Sqrt(squares[sphere]) : 0);
        }

        double[] lengths = SumsOf(i => Square(across[i]));
        for (int sphere = 0; sphere < lengths.Length; sphere++)
        {
            _isCurved[sphere] &= lengths[sphere] > 0 || Angles[sphere] == 0;
        }

        return across;
    }

    private void TakeLeastAxis(int sphere, double[] across)
    {
        int[] places = [.. Enumerable.Range(0, _spheres.Length).Where(i => _spheres[i] == sphere)];
        int least = places.MinBy(i => Math.Abs(_along[i]));
        foreach (int i in places)
        {
            across[i] = i == least && places.Length > 1 ? 1 : 0;
        }
    }

    /// <summary>Of each sphere the sum over its parameters.</summary>
    private double[] SumsOf(Func<int, double> term)
    {
        double[] sums = new double[_isCurved.Length];
        for (int i = 0; i < _spheres.Length; i++)
        {
            if (IsOnCircle(_spheres[i]))
            {
                sums[_spheres[i]] += term(i);
            }
        }

        return sums;
    }

    private void Change(double[] values, Func<int, int, double> of)
    {
        for (int i = 0; i < _spheres.Length; i++)
        {
            values[i] = IsOnCircle(_spheres[i]) ? of(i, _spheres[i]) : values[i];
        }
    }

    private static double Square(double value) => value * value;
}
