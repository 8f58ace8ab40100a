namespace Quotient.Symmetry;

/// <summary>How far two networks are apart, as a matching reports it.</summary>
internal static class MatchedDistance
{
    /// <summary>
    /// √(Σ θ_j² + ‖Δ‖²) of two standard forms, θ_j = 2 atan2(‖u − v‖, ‖u + v‖) the angle on sphere j and Δ what is Euclidean; of networks with
    /// binary weights the number of these that differ.
    /// </summary>
    public static double Between(StandardForm a, StandardForm b)
    {
        var binary = a.Model.Network.Tensors.Where(tensor => tensor.IsBinary).ToList();
        double[] x = a.Model.Parameters, y = b.Model.Parameters;
        if (binary.Count > 0)
        {
            return binary.Sum(tensor => x[tensor.Range].Zip(y[tensor.Range]).Count(pair => pair.First < 0 != pair.Second < 0));
        }

        int[] spheres = a.Spheres.Of;
        double[] lengthsOfX = a.Spheres.Norms(x), lengthsOfY = a.Spheres.Norms(y);
        double[] u = OnSpheres(x, lengthsOfX, spheres), v = OnSpheres(y, lengthsOfY, spheres);
        double[] apart = a.Spheres.Norms([.. u.Zip(v, (one, other) => one - other)]), together = a.Spheres.Norms([.. u.Zip(v, (one, other) => one + other)]);
        double squares = apart.Zip(together, (difference, sum) => 4 * Math.Pow(Math.Atan2(difference, sum), 2)).Sum();
        for (int i = 0; i < x.Length; i++)
        {
            squares += spheres[i] < 0 ? (x[i] - y[i]) * (x[i] - y[i]) : 0;
        }

        return Math.Sqrt(squares);
    }

    private static double[] OnSpheres(double[] theta, double[] lengths, int[] spheres) =>
        [.. theta.Select((value, i) => spheres[i] >= 0 && lengths[spheres[i]] > 0 ? value / lengths[spheres[i]] : value)];
}
