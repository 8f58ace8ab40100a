using Quotient.Data.Generators;

namespace Quotient.Symmetry;

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
