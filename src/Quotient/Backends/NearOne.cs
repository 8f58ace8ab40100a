namespace Quotient.Backends;

/// <summary>Functions of numbers near 1, given by what they differ from it.</summary>
internal static class NearOne
{
    /// <summary>
    /// log(1 + x) to a few units in the last place, also where 1 + x rounds to 1: the rounding of u = 1 + x cancels in log(u)/(u − 1)
    /// (Goldberg 1991, theorem 4). double.LogP1 loses all of a small x.
    /// </summary>
    public static double Log(double x)
    {
        double u = 1 + x;
        return u == 1 || !double.IsFinite(u) ? x : Math.Log(u) * x / (u - 1);
    }
}
