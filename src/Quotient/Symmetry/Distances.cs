using Quotient.Linearisation;

namespace Quotient.Symmetry;

/// <summary>Distances of two networks of one architecture, in parameter space and as functions.</summary>
public static class Distances
{
    /// <summary>
    /// √(Σ θ_j² + ‖Δb‖²), the length of the geodesic between two points of the product of the spheres and a Euclidean space. Only directions
    /// count on spheres: of networks that are not in standard form, norms do not. A sphere on which one of them is 0 counts as Euclidean.
    /// </summary>
    /// <remarks>Source: Pittorino et al. (2022), section 2.2, with the Euclidean part, without which other functions are at distance 0.</remarks>
    /// <exception cref="QuotientException">The networks have other numbers of parameters than the spheres.</exception>
    public static ParameterDistance Between(Model a, Model b, Spheres spheres)
    {
        Check(a, b);
        QuotientException.ThrowIf(
            a.Parameters.Length != spheres.Of.Length,
            $"the spheres are those of the network {spheres.Network}, but the distance is asked for of the network {a.Network}");
        return Of(new(a.Parameters, b.Parameters, spheres), spheres);
    }

    /// <summary>The distance of two standard forms: as above, or <see cref="Hamming"/> where weights are binary.</summary>
    public static ParameterDistance Between(StandardForm a, StandardForm b) => a.Model.Network.Tensors.Any(tensor => tensor.IsBinary)
        ? Hamming(a.Model, b.Model)
        : Between(a.Model, b.Model, a.Spheres);

    /// <summary>‖A − B‖₂.</summary>
    /// <exception cref="QuotientException">The networks have other numbers of parameters.</exception>
    public static ParameterDistance Straight(Model a, Model b)
    {
        Check(a, b);
        return new(Problem.Norm([.. a.Parameters.Zip(b.Parameters, (one, other) => one - other)]), null, null, 0);
    }

    /// <summary>The number of binary weights of different signs, 0 counting as +1; what is real beside them has a distance of its own.</summary>
    /// <exception cref="QuotientException">The networks have other numbers of parameters.</exception>
    public static ParameterDistance Hamming(Model a, Model b)
    {
        Check(a, b);
        double[] one = a.AtBinaryWeights().Parameters, other = b.AtBinaryWeights().Parameters;
        long count = a.Network.Tensors.Where(tensor => tensor.IsBinary).Sum(tensor => (long)Differences(tensor).Count(difference => difference != 0));
        var real = a.Network.Tensors.Where(tensor => !tensor.IsBinary).ToList();
        return new(count, null, null, 0) { Real = real.Count == 0 ? null : Problem.Norm([.. real.SelectMany(Differences)]) };

        IEnumerable<double> Differences(NetworkTensor tensor) => one[tensor.Range].Zip(other[tensor.Range], (left, right) => left - right);
    }

    /// <summary>The share of samples that two networks classify differently; of equal logits the first counts.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="a">A network.</param>
    /// <param name="b">Another, of whichever architecture.</param>
    /// <param name="data">The samples; their labels are not looked at.</param>
    /// <param name="precision">The arithmetic's.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The samples are not the networks' inputs, or the numbers of classes differ.</exception>
    public static double FunctionDistance(
        Engine engine, Model a, Model b, Dataset data, Precision precision = Precision.Single, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        QuotientException.ThrowIf(
            a.Network.Output.Size != b.Network.Output.Size,
            $"networks of {a.Network.Output.Size} and {b.Network.Output.Size} classes cannot be compared as functions");
        int[] one = precision == Precision.Double ? Classes<double>(a, 0) : Classes<float>(a, 0);
        int[] other = precision == Precision.Double ? Classes<double>(b, 0.5) : Classes<float>(b, 0.5);
        return one.Zip(other).Count(pair => pair.First != pair.Second) / (double)data.Count;

        int[] Classes<T>(Model model, double done) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var relay = new Relay<double>(share => progress?.Report(done + (share / 2)));
            return NetworkOutputs.ClassesOf<T>(NetworkOutputs.Of<T>(engine, model, data, relay, cancellationToken), model.Network.Output.Size);
        }
    }

    /// <summary>The length of a geodesic; the spheres of batch norms do not count in the mean angle, nor in what it is relative to.</summary>
    internal static ParameterDistance Of(Geodesic way, Spheres spheres)
    {
        var angles = way.Angles.Index().Where(angle => !double.IsNaN(angle.Item)).ToList();
        var counted = angles.Where(angle => !spheres.IsOfNorm(angle.Index)).Select(angle => angle.Item).ToList();
        double value = Problem.Norm([.. angles.Select(angle => angle.Item), .. way.Straight()]);
        return new(
            value, counted.Count == 0 ? null : counted.Average(),
            spheres.OfWeights == 0 ? null : value / (Math.PI / 2 * Math.Sqrt(spheres.OfWeights)), way.Antipodal);
    }

    private static void Check(Model a, Model b) => QuotientException.ThrowIf(
        a.Parameters.Length != b.Parameters.Length,
        $"networks of {a.Parameters.Length} and {b.Parameters.Length} parameters, {a.Network} and {b.Network}, have no distance");
}
