using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>What a change of units does at one axis of a tensor.</summary>
internal enum AxisRole
{
    /// <summary>The tensor makes the units: it is multiplied by their factors.</summary>
    Incoming,

    /// <summary>It reads them: it is divided by their factors.</summary>
    Outgoing,

    /// <summary>It only goes with them.</summary>
    Beside,
}

/// <summary>What stands at one index of an axis, by numbers: which unit, and whose scale and sign it shares.</summary>
internal readonly record struct Strand(int Unit, int Scale, int Flip);

/// <summary>One axis of a tensor and the units along it.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="IsBuffer">Whether it is none of the trainable ones.</param>
/// <param name="Dimension">The axis' place among its dimensions.</param>
/// <param name="Role">What a change of the units does to it.</param>
/// <param name="Strands">What stands at each index.</param>
internal sealed record UnitAxis(NetworkTensor Tensor, bool IsBuffer, int Dimension, AxisRole Role, Strand[] Strands)
{
    /// <summary>How many places there are in the dimensions before the axis, along it, and behind it.</summary>
    public (int Outer, int Extent, int Inner) Extents => (
        Tensor.Shape.Dimensions.Take(Dimension).Aggregate(1, (product, extent) => product * extent), Tensor.Shape.Dimensions[Dimension],
        Tensor.Shape.Dimensions.Skip(Dimension + 1).Aggregate(1, (product, extent) => product * extent));
}

/// <summary>
/// Follows units (channels, values of a vector) through a network, and finds where each stands on the axes of its tensors. A layer that mixes
/// its inputs begins new units; others pass on those that they read; a sum makes those that it adds the same. Between a layer and the batch
/// norm behind it, a unit has a scale and a sign that nothing else sees.
/// </summary>
internal sealed class UnitAxes
{
    private readonly Network _network;
    private readonly UnionFind _units = new(), _scales = new(), _flips = new();
    private readonly List<Strand[]> _signals = [];
    private readonly List<UnitAxis> _axes = [];

    public UnitAxes(Network network)
    {
        _network = network;
        Strand[] source = [.. Enumerable.Range(0, network.Input.Channels).Select(_ => NewStrand(isFixed: true))];
        foreach (var (index, node) in network.Nodes.Index())
        {
            Strand[][] inputs = [.. node.Inputs.Select(from => from == Network.Source ? source : _signals[from])];
            _signals.Add(node.Layer is BatchNorm ? Norm(index, inputs[0])
                : node.Layer.MixesUnits ? Mix(index, inputs[0])
                : Keep(node, inputs));
        }

        var outputs = _signals[^1];
        ScalesOutputs = outputs.All(strand => !_scales.IsFixed(strand.Scale)) && network.Nodes.All(node => node.Layer.Equivariance != Equivariance.None);
        OutputScales = outputs.Select(strand => _scales.Find(strand.Scale)).ToHashSet();
        foreach (var strand in outputs)
        {
            _units.Fix(strand.Unit);
            _scales.Fix(strand.Scale);
            _flips.Fix(strand.Flip);
        }
    }

    /// <summary>The axes, node by node, each tensor's in the order of its dimensions; those of buffers where their node's parameters are.</summary>
    public IReadOnlyList<UnitAxis> All => _axes;

    /// <summary>Whether all outputs can be multiplied by one number above 0 through the weights that make them.</summary>
    public bool ScalesOutputs { get; }

    /// <summary>The scales that the outputs have.</summary>
    public IReadOnlySet<int> OutputScales { get; }

    /// <summary>The units of a node's output, channel by channel.</summary>
    public IEnumerable<int> UnitsOf(int node) => _signals[node].Select(strand => _units.Find(strand.Unit));

    /// <summary>The same strand by the numbers that stand for its sets.</summary>
    public Strand Resolve(Strand strand) => new(_units.Find(strand.Unit), _scales.Find(strand.Scale), _flips.Find(strand.Flip));

    public bool HasFixedUnit(Strand strand) => _units.IsFixed(strand.Unit);

    public bool HasFixedScale(Strand strand) => _scales.IsFixed(strand.Scale);

    public bool HasFixedFlip(Strand strand) => _flips.IsFixed(strand.Flip);

    private Strand NewStrand(bool isFixed = false) => new(_units.Add(isFixed), _scales.Add(isFixed), _flips.Add(isFixed));

    /// <summary>A layer whose weight has axes for outputs and inputs.</summary>
    private Strand[] Mix(int node, Strand[] input)
    {
        var layer = _network.Nodes[node].Layer;
        Strand[] output = [.. Enumerable.Range(0, _network.Shapes[node].Channels).Select(_ => NewStrand())];
        foreach (var tensor in _network.Tensors.Where(tensor => tensor.Node == node))
        {
            foreach (var (dimension, axis) in tensor.Shape.Axes.Index().Where(pair => pair.Item != Axis.Spatial))
            {
                var strands = axis == Axis.Out ? output : Repeated(input, tensor.Shape.Dimensions[dimension]);
                _axes.Add(new(tensor, false, dimension, axis == Axis.Out ? AxisRole.Incoming : AxisRole.Outgoing, strands));
                Restrict(strands, layer.Equivariance, false);
            }
        }

        return output;
    }

    /// <summary>
    /// y = γ (x − μ)/√(σ² + ε) + β: of x → f·x, μ goes along and γ undoes it, so that y has a scale and a sign of its own.
    /// </summary>
    private Strand[] Norm(int node, Strand[] input)
    {
        Strand[] output = [.. input.Select(strand => NewStrand() with { Unit = strand.Unit })];
        foreach (var tensor in _network.Tensors.Where(tensor => tensor.Node == node))
        {
            _axes.Add(new(tensor, false, 0, AxisRole.Incoming, output));
            if (tensor.Shape.Role == TensorRole.Weight)
            {
                _axes.Add(new(tensor, false, 0, AxisRole.Outgoing, input));
            }
        }

        foreach (var tensor in _network.Buffers.Where(tensor => tensor.Node == node))
        {
            bool isMean = tensor.Shape.Suffix == "running_mean";
            _axes.Add(new(tensor, true, 0, isMean ? AxisRole.Incoming : AxisRole.Beside, input));
        }

        return output;
    }

    /// <summary>A layer whose outputs are its inputs, unit by unit.</summary>
    private Strand[] Keep(Node node, Strand[][] inputs)
    {
        var shapes = node.Inputs.Select(from => from == Network.Source ? _network.Input : _network.Shapes[from]).ToList();
        var output = new Strand[_network.Shapes[_signals.Count].Channels];
        for (int channel = 0; channel < output.Length; channel++)
        {
            Strand[] behind =
            [
                .. from pair in inputs.Zip(shapes)
                   let place = node.Layer.ChannelBehind(channel, pair.Second)
                   where place is not null
                   select pair.First[place.Value],
            ];

            // A channel of zeros stays one whatever is done to it: in a sum it restricts nothing.
            output[channel] = behind.Length == 0 ? NewStrand() : behind.Aggregate(Join);
        }

        Restrict(output, node.Layer.Equivariance, node.Layer.ForgetsScale);
        return node.Layer.ForgetsScale ? [.. output.Select(strand => strand with { Scale = _scales.Add(isFixed: true) })] : output;
    }

    private Strand Join(Strand one, Strand other) =>
        new(_units.Join(one.Unit, other.Unit), _scales.Join(one.Scale, other.Scale), _flips.Join(one.Flip, other.Flip));

    private void Restrict(Strand[] strands, Equivariance allowed, bool forgetsScale)
    {
        foreach (var strand in strands)
        {
            Fix(_units, strand.Unit, allowed.HasFlag(Equivariance.Permutation));
            Fix(_scales, strand.Scale, allowed.HasFlag(Equivariance.Scale) || forgetsScale);
            Fix(_flips, strand.Flip, allowed.HasFlag(Equivariance.Flip));
        }

        static void Fix(UnionFind sets, int member, bool isFree)
        {
            if (!isFree)
            {
                sets.Fix(member);
            }
        }
    }

    /// <summary>A vector read from an image has its channels one after the other, each with all of its places.</summary>
    private static Strand[] Repeated(Strand[] strands, int count)
    {
        int places = count / strands.Length;
        return places == 1 ? strands : [.. strands.SelectMany(strand => Enumerable.Repeat(strand, places))];
    }
}
