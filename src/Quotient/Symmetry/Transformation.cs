using Quotient.Data.Generators;

namespace Quotient.Symmetry;

/// <summary>What happens to the units of one group.</summary>
/// <param name="Permutation">At place i stands the unit that stood at Permutation[i].</param>
/// <param name="Scales">By scale and place: what the weights that make the unit there are multiplied by, above 0.</param>
/// <param name="Flips">By sign and place: whether they are negated.</param>
public sealed record UnitChange(IReadOnlyList<int> Permutation, IReadOnlyList<double[]> Scales, IReadOnlyList<bool[]> Flips)
{
    internal static UnitChange Identity(UnitGroup group) => new(
        [.. Enumerable.Range(0, group.Count)],
        [.. Enumerable.Range(0, group.ScaleCount).Select(_ => Enumerable.Repeat(1.0, group.Count).ToArray())],
        [.. Enumerable.Range(0, group.FlipCount).Select(_ => new bool[group.Count])]);

    /// <summary>This, then the next.</summary>
    internal UnitChange Then(UnitChange next) => new(
        [.. next.Permutation.Select(place => Permutation[place])],
        [.. Scales.Zip(next.Scales, (own, others) => others.Select((scale, i) => scale * own[next.Permutation[i]]).ToArray())],
        [.. Flips.Zip(next.Flips, (own, others) => others.Select((flip, i) => flip ^ own[next.Permutation[i]]).ToArray())]);

    internal UnitChange Inverse()
    {
        int[] back = new int[Permutation.Count];
        for (int i = 0; i < back.Length; i++)
        {
            back[Permutation[i]] = i;
        }

        return new(
            back,
            [.. Scales.Select(scales => back.Select(place => 1 / scales[place]).ToArray())],
            [.. Flips.Select(flips => back.Select(place => flips[place]).ToArray())]);
    }
}

/// <summary>
/// A symmetry of a network's parametrisation: permutations, sign flips and positive scales of its units, group by group. The model that it
/// makes computes the same function. An immutable value.
/// </summary>
/// <remarks>
/// Weights that make unit k are multiplied by its factor f, biases with them; weights that read it are divided by f. What is allowed is derived
/// from the graph (<see cref="UnitGroup.Of(Network)"/>). Flips of binary units are exact only where no pre-activation is 0.
/// Source: Pittorino et al. (2022), section 2; Ainsworth, Hayase, Srinivasa (2023) for permutations.
/// </remarks>
public sealed partial class Transformation
{
    /// <summary>The largest number below 0 that single precision holds whole: the negative of a binary weight of 0, which counts as +1.</summary>
    private const double JustBelowZero = -1.17549435e-38;

    /// <summary>Puts changes to the groups of a network.</summary>
    /// <exception cref="QuotientException">They do not fit: a permutation that is none, a scale that is not above 0, a fixed unit that moves.</exception>
    public Transformation(Network network, IReadOnlyList<UnitChange> changes)
        : this(network, UnitGroup.Of(network), changes) => Check();

    private Transformation(Network network, IReadOnlyList<UnitGroup> groups, IReadOnlyList<UnitChange> changes) =>
        (Network, Groups, Changes) = (network, groups, changes);

    /// <summary>The architecture whose parameters it changes.</summary>
    public Network Network { get; }

    /// <summary>The groups of units.</summary>
    public IReadOnlyList<UnitGroup> Groups { get; }

    /// <summary>What happens to each of them.</summary>
    public IReadOnlyList<UnitChange> Changes { get; }

    /// <summary>What changes nothing.</summary>
    public static Transformation Identity(Network network)
    {
        var groups = UnitGroup.Of(network);
        return new(network, groups, [.. groups.Select(UnitChange.Identity)]);
    }

    /// <summary>Any of a network: uniform permutations and flips, scales 10^u with u uniform in ±<paramref name="decades"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="permutes">Whether units change places.</param>
    /// <param name="flips">Whether units are negated.</param>
    /// <param name="decades">0 for no scales.</param>
    public static Transformation Random(Network network, ulong seed, bool permutes = true, bool flips = true, double decades = 0.5)
    {
        var random = new PhiloxStream(seed, Spectra.RandomStreams.Symmetry);
        var groups = UnitGroup.Of(network);
        return new(network, groups, [.. groups.Select(group => Draw(group))]);

        UnitChange Draw(UnitGroup group)
        {
            int[] order = [.. Enumerable.Range(0, group.Count)];
            for (int i = group.Count - 1; i > 0 && permutes && !group.IsFixed; i--)
            {
                int other = random.Below(i + 1);
                (order[i], order[other]) = (order[other], order[i]);
            }

            return new(
                order,
                [.. Enumerable.Range(0, group.ScaleCount).Select(_ => Values(() => Math.Pow(10, random.Uniform(-decades, decades))))],
                [.. Enumerable.Range(0, group.FlipCount).Select(_ => Values(() => random.Below(2) == 1 && flips))]);

            TValue[] Values<TValue>(Func<TValue> draw) => [.. Enumerable.Range(0, group.Count).Select(_ => draw())];
        }
    }

    /// <summary>This, then the next.</summary>
    /// <exception cref="QuotientException">The next is of another network.</exception>
    public Transformation Then(Transformation next)
    {
        CheckGroups(next.Groups);
        return new(Network, Groups, [.. Changes.Zip(next.Changes, (own, others) => own.Then(others))]);
    }

    /// <summary>What undoes this.</summary>
    public Transformation Inverse() => new(Network, Groups, [.. Changes.Select(change => change.Inverse())]);

    /// <summary>The model that it makes of another, which stays as it is.</summary>
    /// <exception cref="QuotientException">The model is of another network.</exception>
    public Model ApplyTo(Model model)
    {
        CheckGroups(UnitGroup.Of(model.Network));
        var changed = new Model(model.Network, [.. model.Parameters], model.Stored, [.. model.Buffers]) { Metadata = model.Metadata };
        foreach (var tensor in model.Network.Tensors)
        {
            ApplyTo(tensor, false, model.Parameters.AsSpan(tensor.Range), changed.Parameters.AsSpan(tensor.Range));
        }

        foreach (var tensor in model.Network.Buffers)
        {
            ApplyTo(tensor, true, model.Buffers.AsSpan(tensor.Range), changed.Buffers.AsSpan(tensor.Range));
        }

        return changed;
    }

    /// <summary>Changes the units of one group, in place: their factors alone.</summary>
    internal static void Apply(Model model, UnitGroup group, UnitChange change)
    {
        foreach (var axis in group.Axes.Where(axis => axis.Axis.Role != AxisRole.Beside))
        {
            var values = axis.Axis.IsBuffer ? model.Buffers : model.Parameters;
            var dimensions = axis.Axis.Tensor.Shape.Dimensions;
            int extent = dimensions[axis.Axis.Dimension];
            int inner = dimensions.Skip(axis.Axis.Dimension + 1).Aggregate(1, (product, size) => product * size);
            double[] factors = [.. Enumerable.Repeat(1.0, extent)];
            ForEachPlace(group, change, axis, (to, _, unit, place) =>
            {
                double factor = FactorOf(change, axis, unit, place);
                factors[to] = axis.Axis.Role == AxisRole.Incoming ? factor : 1 / factor;
            });
            var part = values.AsSpan(axis.Axis.Tensor.Range);
            for (int i = 0; i < part.Length; i++)
            {
                part[i] *= factors[i / inner % extent];
            }
        }
    }

    /// <summary>The permutation and the flips of the units that a layer makes, in the order of its output's channels; null where nothing moves them.</summary>
    /// <param name="tensor">A weight of the layer.</param>
    internal (int[] Permutation, bool[] Flips)? OfUnitsMadeBy(NetworkTensor tensor)
    {
        var own = Groups.Zip(Changes).Where(pair => !pair.First.IsFixed && pair.First.Axes.Any(IsOwn)).ToList();
        if (own.Count == 0)
        {
            return null;
        }

        int[] permutation = [.. Enumerable.Range(0, tensor.Shape.Dimensions[tensor.Shape.Axes.ToList().IndexOf(Networks.Axis.Out)])];
        bool[] flips = new bool[permutation.Length];
        foreach (var (group, change) in own)
        {
            var axis = group.Axes.First(IsOwn);
            ForEachPlace(group, change, axis, (to, from, unit, place) =>
            {
                permutation[to] = from;
                flips[to] = axis.Flips[place] >= 0 && change.Flips[axis.Flips[place]][unit];
            });
        }

        return (permutation, flips);

        bool IsOwn(GroupAxis axis) => axis.Axis.Tensor == tensor && axis.Axis.Role == AxisRole.Incoming;
    }

    /// <summary>target ← source with its axes permuted and multiplied.</summary>
    internal void ApplyTo(NetworkTensor tensor, bool isBuffer, ReadOnlySpan<double> source, Span<double> target)
    {
        var dimensions = tensor.Shape.Dimensions;
        var moves = dimensions.Select((extent, dimension) => MoveOf(tensor, isBuffer, dimension, extent)).ToList();
        int rows = dimensions[0], columns = dimensions.Count > 1 ? dimensions[1] : 1, rest = (int)(tensor.Size / rows / columns);
        for (int row = 0; row < rows; row++)
        {
            var (fromRow, rowFactor) = (moves[0].From[row], moves[0].Factors[row]);
            for (int column = 0; column < columns; column++)
            {
                int fromColumn = dimensions.Count > 1 ? moves[1].From[column] : 0;
                double factor = dimensions.Count > 1 ? rowFactor * moves[1].Factors[column] : rowFactor;
                int from = ((fromRow * columns) + fromColumn) * rest, to = ((row * columns) + column) * rest;
                for (int i = 0; i < rest; i++)
                {
                    double value = source[from + i];
                    target[to + i] = tensor.IsBinary && value == 0 && factor < 0 ? JustBelowZero : factor * value;
                }
            }
        }
    }

    /// <summary>Of each index along a dimension of a tensor where its values come from, and what they are multiplied by.</summary>
    private (int[] From, double[] Factors) MoveOf(NetworkTensor tensor, bool isBuffer, int dimension, int extent)
    {
        int[] sources = [.. Enumerable.Range(0, extent)];
        double[] factors = [.. Enumerable.Repeat(1.0, extent)];
        foreach (var (group, change) in Groups.Zip(Changes))
        {
            foreach (var axis in group.Axes)
            {
                // By place, not by the tensor itself: a model's network may be another object of the same layers.
                if (axis.Axis.IsBuffer == isBuffer && axis.Axis.Dimension == dimension && axis.Axis.Tensor.Offset == tensor.Offset)
                {
                    ForEachPlace(group, change, axis, (to, from, unit, place) =>
                    {
                        double factor = FactorOf(change, axis, unit, place);
                        sources[to] = from;
                        factors[to] *= axis.Axis.Role switch { AxisRole.Incoming => factor, AxisRole.Outgoing => 1 / factor, _ => 1 };
                    });
                }
            }
        }

        return (sources, factors);
    }

    private static double FactorOf(UnitChange change, GroupAxis axis, int unit, int place)
    {
        double scale = axis.Scales[place] < 0 ? 1 : change.Scales[axis.Scales[place]][unit];
        return axis.Flips[place] >= 0 && change.Flips[axis.Flips[place]][unit] ? -scale : scale;
    }

    private static void ForEachPlace(UnitGroup group, UnitChange change, GroupAxis axis, Action<int, int, int, int> visit)
    {
        for (int unit = 0; unit < group.Count; unit++)
        {
            for (int place = 0; place < axis.PerUnit; place++)
            {
                visit(
                    axis.Places[(unit * axis.PerUnit) + place], axis.Places[(change.Permutation[unit] * axis.PerUnit) + place], unit, place);
            }
        }
    }

    private void CheckGroups(IReadOnlyList<UnitGroup> others) => QuotientException.ThrowIf(
        !Groups.Select(group => (group.Name, group.Count, group.ScaleCount, group.FlipCount))
            .SequenceEqual(others.Select(group => (group.Name, group.Count, group.ScaleCount, group.FlipCount))),
        $"the symmetry is one of the network {Network}, whose units are not those of the model");

    private void Check()
    {
        QuotientException.ThrowIf(Groups.Count != Changes.Count, $"the network {Network} has {Groups.Count} groups of units, but {Changes.Count} changes were given");
        foreach (var (group, change) in Groups.Zip(Changes))
        {
            string what = $"the change of the units of layer {Text.Quote(group.Name)}";
            QuotientException.ThrowIf(
                !change.Permutation.Order().SequenceEqual(Enumerable.Range(0, group.Count)), $"{what} has no permutation of {group.Count} units");
            QuotientException.ThrowIf(
                group.IsFixed && !change.Permutation.SequenceEqual(Enumerable.Range(0, group.Count)), $"{what} moves units that have their places");
            QuotientException.ThrowIf(
                change.Scales.Count != group.ScaleCount || change.Scales.Any(scales => scales.Length != group.Count)
                || change.Scales.Any(scales => scales.Any(scale => !(scale > 0) || !double.IsFinite(scale))),
                $"{what} must have {group.ScaleCount} times {group.Count} scales, each above 0");
            QuotientException.ThrowIf(
                change.Flips.Count != group.FlipCount || change.Flips.Any(flips => flips.Length != group.Count),
                $"{what} must have {group.FlipCount} times {group.Count} flips");
        }
    }
}
