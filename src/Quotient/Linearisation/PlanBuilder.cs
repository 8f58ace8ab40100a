using Quotient.Backends;
using Quotient.Linearisation.Layers;

namespace Quotient.Linearisation;

/// <summary>
/// Makes a network's layers into steps. An image's channels lie together wherever steps compute with it; where a layer, the data or the
/// outputs have them apart, a step between turns the image.
/// </summary>
internal sealed class PlanBuilder<T>(Network network, IBackend backend, bool differentiates) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Step<T>> _steps = [];

    /// <summary>By node and whether channels lie apart, the step whose output the signal is.</summary>
    private readonly Dictionary<(int Node, bool Apart), int> _signals = new() { [(Network.Source, true)] = Network.Source };

    private readonly Dictionary<int, long> _offsets = network.ParameterBlocks.ToDictionary(block => block.Node, block => block.Offset);

    private readonly Dictionary<int, long> _bufferOffsets =
        network.Buffers.GroupBy(tensor => tensor.Node).ToDictionary(own => own.Key, own => own.First().Offset);

    /// <summary>The steps in order; the last one's output is the network's, with channels apart.</summary>
    public List<Step<T>> Build()
    {
        var done = new HashSet<int>();
        for (int first = 0; first < network.Nodes.Count; first++)
        {
            if (!done.Contains(first))
            {
                done.UnionWith(Add(first));
            }
        }

        SignalOf(network.Nodes.Count - 1, apart: true);
        return _steps;
    }

    /// <summary>Adds the step that begins at a node, and gives the nodes that it computes.</summary>
    private IReadOnlyList<int> Add(int first)
    {
        var (passes, run) = LayerPasses.Match(network, first, differentiates);
        bool apart = passes.ReadsChannelsApart;
        int[] inputs = [.. network.Nodes[first].Inputs.Select(node => SignalOf(node, apart))];
        var stage = passes.Start<T>([.. run.Select(node => network.Nodes[node].Layer)], ShapeOf(network.Nodes[first].Inputs[0]), backend);
        if (stage is not null)
        {
            int named = run.FirstOrDefault(_offsets.ContainsKey, run[^1]);
            _steps.Add(new(stage, inputs, network.Shapes[run[^1]].Size, _offsets.GetValueOrDefault(named), network.Nodes[named].Name)
            {
                BufferOffset = _bufferOffsets.GetValueOrDefault(run.FirstOrDefault(_bufferOffsets.ContainsKey, run[^1])),
            });
        }

        // What passes its input on has it as it reads it; what computes leaves channels together.
        foreach (int node in run)
        {
            _signals[(node, stage is null && apart)] = stage is null ? inputs[0] : _steps.Count - 1;
        }

        return run;
    }

    private int SignalOf(int node, bool apart)
    {
        var shape = ShapeOf(node);
        if (_signals.TryGetValue((node, apart), out int step) || (!TurnStage<T>.IsNeeded(shape) && _signals.TryGetValue((node, !apart), out step)))
        {
            return step;
        }

        string name = node == Network.Source ? "input" : network.Nodes[node].Name;
        _steps.Add(new(new TurnStage<T>(backend.Ops<T>(), shape, !apart), [_signals[(node, !apart)]], shape.Size, 0, name));
        return _signals[(node, apart)] = _steps.Count - 1;
    }

    private Networks.Shape ShapeOf(int node) => node == Network.Source ? network.Input : network.Shapes[node];
}
