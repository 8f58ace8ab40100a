using Quotient.Backends;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Networks of every kind whose symmetries are tried, at random parameters and statistics.</summary>
internal static class SymmetricNets
{
    /// <summary>Architectures of real networks.</summary>
    public static readonly IReadOnlyList<string> Real =
    [
        "7-12-9-4", "5-8-3", "conv:1x9x9,6c3p1,relu,max2,8c3,relu,11,relu,4", "conv:2x6x6,5c3,bn,relu,7c3,bn,relu,gap,3", "conv:2x8x8,6c3p1,relu,res(6c3p1,relu,6c3p1),relu,avg2,5",
        "lenet", "resnet20,input=3×8×8",
    ];

    /// <summary>Architectures with weights of ±1; fan-ins are odd, so that no pre-activation of signs is 0.</summary>
    public static readonly IReadOnlyList<string> Binary =
        ["binary:21-31-25-4", "binary,real-first:9-21-17-3", "binary,relu:15-19-17-4", "binary,binary-input:17-21-4"];

    /// <summary>How many random graphs there are beside them.</summary>
    public static int Graphs => ConvolutionalGraphs.Count;

    /// <summary>A model of an architecture, in double, every parameter and running statistic drawn at random.</summary>
    public static Model Make(string architecture, ulong seed = 1)
    {
        var model = Model.Initialise(Network.Parse(architecture), Initialisation.PyTorch, seed, Precision.Double);
        return Shaken(model, seed);
    }

    /// <summary>A random graph of convolutions, pooling, batch norm and residual sums.</summary>
    public static Model Graph(int number) => Shaken(ConvolutionalGraphs.Make(number).Model.In(Precision.Double), (ulong)number);

    /// <summary>Only permutations, flips and scales that a group allows, some of each.</summary>
    public static Model Twin(Model model, ulong seed) => Transformation.Random(model.Network, seed).ApplyTo(model);

    private static Model Shaken(Model model, ulong seed)
    {
        double[] parameters = [.. model.Parameters.Select((value, i) => value + (0.05 * Philox.Normals(seed, 77, (ulong)i).First))];
        double[] buffers = [.. model.Buffers];
        foreach (var tensor in model.Network.Buffers)
        {
            for (int i = 0; i < tensor.Size; i++)
            {
                double normal = Philox.Normals(seed, 78, (ulong)(tensor.Offset + i)).First;
                buffers[tensor.Offset + i] = tensor.Shape.Suffix == "running_var" ? Math.Exp(normal) : normal;
            }
        }

        return new(model.Network, parameters, Precision.Double, buffers);
    }
}
