namespace Quotient;

/// <summary>A network and its parameters θ, on the host.</summary>
/// <remarks>θ is held in double, which represents every float exactly; <see cref="Stored"/> says what files hold.</remarks>
public sealed partial class Model
{
    /// <summary>Puts parameters to a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="stored">The precision of files.</param>
    /// <param name="buffers">What is not trained; null for the start that its layers declare.</param>
    /// <exception cref="QuotientException">The values are not as many as the network has.</exception>
    public Model(Network network, double[] parameters, Precision stored = Precision.Single, double[]? buffers = null)
    {
        (Network, Parameters, Stored) = (network, parameters, stored);
        Buffers = buffers ?? [.. network.Buffers.SelectMany(tensor => Enumerable.Repeat(tensor.Shape.Start ?? 0, (int)tensor.Size))];
        Check("parameters", network.ParameterCount, parameters.LongLength);
        Check("values that are not trained", network.BufferCount, Buffers.LongLength);
        foreach (var tensor in network.Buffers)
        {
            network.Nodes[tensor.Node].Layer.CheckBuffer(tensor, Buffers.AsSpan(tensor.Range));
        }
    }

    /// <summary>The architecture.</summary>
    public Network Network { get; }

    /// <summary>θ, flat, in the order of <see cref="Network.Tensors"/>.</summary>
    public double[] Parameters { get; }

    /// <summary>What is not trained, such as running statistics, flat, in the order of <see cref="Network.Buffers"/>.</summary>
    public double[] Buffers { get; }

    /// <summary>The precision of the file that it came from or goes to.</summary>
    public Precision Stored { get; }

    /// <summary>
    /// Text that its file carries beside the tensors, by key: how it was trained, say. The architecture, which every file
    /// carries under <c>quotient.network</c>, is not among it: <see cref="Network"/> is that.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The same model, its files of another precision; values that single precision does not hold are rounded.</summary>
    public Model In(Precision precision) => precision == Stored
        ? this
        : new(Network, precision == Precision.Single ? Array.ConvertAll(Parameters, value => (double)(float)value) : Parameters, precision, Buffers)
        {
            Metadata = Metadata,
        };

    /// <summary>The same model at other parameters, of a network whose tensors are as many.</summary>
    internal Model With(Network network, double[] parameters) => new(network, parameters, Stored, Buffers) { Metadata = Metadata };

    /// <summary>The part of it that computes the output of a node: a network of that node and those before it that it reads, directly or not.</summary>
    internal Model UpTo(int node)
    {
        var needed = new SortedSet<int> { node };
        for (int index = node; index >= 0; index--)
        {
            needed.UnionWith(needed.Contains(index) ? Network.Nodes[index].Inputs.Where(from => from != Network.Source) : []);
        }

        var places = needed.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        places[Network.Source] = Network.Source;
        var part = new Network(
            Network.Input,
            [.. needed.Select(index => Network.Nodes[index] with { Inputs = [.. Network.Nodes[index].Inputs.Select(from => places[from])] })]);
        return new(part, [.. Of(Network.Tensors, Parameters)], Stored, [.. Of(Network.Buffers, Buffers)]);

        IEnumerable<double> Of(IReadOnlyList<NetworkTensor> tensors, double[] values) =>
            tensors.Where(tensor => needed.Contains(tensor.Node)).SelectMany(tensor => values[tensor.Range]);
    }

    private static double[] NewVector(Network network) =>
        HostArray.Zeros<double>(network.ParameterCount, () => $"the parameter vector of the network {network}");

    private void Check(string what, long wanted, long given)
    {
        if (given != wanted)
        {
            throw new QuotientException($"the network {Network} has {wanted} {what}, but {given} were given");
        }
    }
}
