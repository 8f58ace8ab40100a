using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Symmetry;

/// <summary>Architectures of every kind whose units are matched, and random parameters for them.</summary>
internal static class MatchedNets
{
    public static readonly IReadOnlyDictionary<string, Func<Network>> All = new Dictionary<string, Func<Network>>
    {
        ["dense"] = () => Network.Parse("11-20-17-13-5"),
        ["dense without biases"] = () => Network.Mlp([9, 16, 16, 4], bias: false),
        ["inputs first"] = () => Network.Chain(new(7), new Dense(7, 12) { InputsFirst = true }, new Relu(), new Dense(12, 9), new Relu(), new Dense(9, 3) { InputsFirst = true }),
        ["convolutions"] = () => Network.Parse("conv:2x8x8,7c3p1,relu,max2,6c3,relu,10,relu,4"),
        ["residual"] = () => Network.Build(new(8), x => x.Dense(12).Relu().Residual(y => y.Dense(10).Relu().Dense(12)).Relu().Residual(y => y.Dense(12)).Relu().Dense(4)),
        ["loop"] = () => Network.Build(new(6), x => x.Dense(14).Residual(y => y.Relu().Dense(14)).Residual(y => y.Relu().Dense(14)).Relu().Dense(3)),
        ["batch norm"] = () => Network.Parse("conv:1x8x8,6c3,bn,relu,8c3,bn,relu,gap,5"),
        ["norms that stay"] = () => Network.Build(new(2, 6, 6), x => x.Convolution(8, 3, 1, 1)
            .Residual(y => y.BatchNorm().Relu().Convolution(8, 3, 1, 1)).Residual(y => y.BatchNorm().Relu().Convolution(8, 3, 1, 1)).BatchNorm().Relu().GlobalAveragePool().Dense(3)),
        ["resnet20"] = () => Network.Parse("resnet20,input=3×8×8"),
        ["norm of inputs and outputs"] = () => Network.Build(new(8), x => x.BatchNorm().Dense(12).Relu().Dense(4).BatchNorm()),
        ["binary"] = () => Network.Parse("binary:31-33-27-5"),
        ["binary with a real first layer"] = () => Network.Parse("binary,real-first:20-33-35-5"),
        ["binary norms"] = () => Network.Chain(
            new(21), new Dense(21, 25), new BatchNorm(25), new Sign(), new BinaryDense(25, 23), new BatchNorm(23), new Sign(), new BinaryDense(23, 3)),
        ["binary convolutions"] = () => Network.Chain(
            new(3, 7, 7), new BinaryConvolution(3, 9, Window.Square(3, 1, 0)), new Sign(), new BinaryConvolution(9, 11, Window.Square(3, 1, 0)), new Sign(),
            new Flatten(), new BinaryDense(99, 4)),
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>A model with parameters and running statistics at random.</summary>
    public static Model Draw(string name, ulong seed)
    {
        var model = Model.Initialise(All[name](), Initialisation.PyTorch, seed, Precision.Double);
        ulong index = 0;
        foreach (var tensor in model.Network.Tensors.Where(tensor => tensor.Shape.Dimensions.Count == 1))
        {
            foreach (ref double value in model.Parameters.AsSpan(tensor.Range))
            {
                value += 0.3 * Philox.Normals(seed, 77, index++).First;
            }
        }

        foreach (ref double value in model.Buffers.AsSpan())
        {
            value += 0.5 * Math.Abs(Philox.Normals(seed, 78, index++).First);
        }

        return model;
    }

    /// <summary>Inputs at random.</summary>
    public static Dataset Inputs(Network network, int count, ulong seed)
    {
        double[] values = [.. Enumerable.Range(0, count * network.Input.Size).Select(i => Philox.Normals(seed, 79, (ulong)i).First)];
        return Dataset.Classification("random", network.Input, Quotient.Data.SampleStore.Doubles(values, network.Input.Size), new int[count], 2);
    }
}
