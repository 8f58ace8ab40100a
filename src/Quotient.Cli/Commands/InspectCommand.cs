using Quotient.Networks;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Shows the graph of a model.</summary>
internal sealed class InspectCommand() : EngineCommand(
    32, "inspect", "Show a network's layers: shapes, parameters, multiply-adds, and where each tensor lies in θ.",
    "quotient inspect --model net.onnx --json net.json")
{
    private readonly ModelOptions _model = new();

    protected override IReadOnlyList<Option> Own => _model.All;

    protected override Report Run(Invocation run)
    {
        var network = _model.Load(run).Network;
        var nodes = network.Nodes.Select((node, index) => new Row(network, node, index)).ToList();
        long work = nodes.Sum(node => node.MultiplyAdds);
        return new Report("model", "Model")
            .Fact("network", "network", network.ToString())
            .Fact("input", "input", Extents(network.Input), network.Input.ToString())
            .Fact("parameters", "parameters", network.ParameterCount)
            .Fact("multiplyAdds", "multiply-adds", work)
            .Table(Table.Of(
                "nodes", "Layers", nodes,
                new("name", "name", row => row.Node.Name),
                new("kind", "kind", row => row.Kind),
                new("shape", "output", row => Extents(row.Shape), row => row.Shape.ToString()),
                new(null, "parameters", row => row.Parameters),
                new("multiplyAdds", "multiply-adds", row => row.MultiplyAdds),
                new("tensors", null, row => row.Tensors)));
    }

    private static IReadOnlyList<int> Extents(Shape shape) =>
        shape.Size == shape.Channels ? [shape.Channels] : [shape.Channels, shape.Height, shape.Width];

    /// <summary>A layer in its place.</summary>
    private sealed record Row(Network Network, Node Node, int Index)
    {
        public string Kind => Network.KindOf(Node.Layer);

        public Shape Shape => Network.Shapes[Index];

        public long Parameters => Own(Network.Tensors).Sum(tensor => tensor.Size);

        public long MultiplyAdds => Network.MultiplyAdds(Index);

        public IEnumerable<Fields> Tensors => Own(Network.Tensors).Select(tensor => FieldsOf(tensor, tensor.Offset))
            .Concat(Own(Network.Buffers).Select(tensor => FieldsOf(tensor, null)));

        private IEnumerable<NetworkTensor> Own(IEnumerable<NetworkTensor> tensors) => tensors.Where(tensor => tensor.Node == Index);

        private static Fields FieldsOf(NetworkTensor tensor, long? offset) =>
            new(("name", tensor.Name), ("shape", tensor.Shape.Dimensions), ("offset", offset));
    }
}
