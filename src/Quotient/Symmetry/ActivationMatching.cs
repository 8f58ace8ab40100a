using Quotient.Linearisation;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>
/// Matches group after group by what the units do: S[i, j] is the correlation of their activations over samples and places of images, behind the
/// first non-linearity that reads them, else behind the layer that makes them. Units that are constant have correlation 0 with all. Ties are
/// broken by the cosines of a layerwise matching. Source: Ainsworth, Hayase, Srinivasa (2023), section 3.1; Li et al. (2015).
/// </summary>
internal sealed class ActivationMatching(Engine engine, UnitProducts products, Model a, Model b, Dataset data)
{
    /// <summary>What a cosine of 1 counts for beside a correlation of 1: below what samples can tell, above rounding.</summary>
    private const double OfWeights = 1e-6;

    private readonly UnitAxes _axes = new(b.Network);

    /// <summary>The changes of B's groups.</summary>
    public UnitChange[] Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var pair = products.Pair;
        var groups = UnitGroup.Of(b.Network, _axes);
        var changes = pair.Unchanged;
        for (int group = 0; group < changes.Length; group++)
        {
            if (MatchingPair.IsMovable(pair.Groups[group]))
            {
                changes[group] = Match(group, groups[group], changes, cancellationToken);
            }

            progress?.Report((group + 1.0) / changes.Length);
        }

        return changes;
    }

    private UnitChange Match(int index, UnitGroup group, UnitChange[] changes, CancellationToken cancellationToken)
    {
        var cosines = LayerwiseMatching.Scores(products, index, changes);
        var (node, channels) = OutputOf(group);
        double[] scores = Correlations(node, channels, cancellationToken);
        bool isOdd = group.FlipCount > 0 && b.Network.Nodes[node].Layer is not Relu;
        if (isOdd && group.FlipCount == 1 && cosines.Keys.SequenceEqual([1]))
        {
            // The sign of the correlation says whether a unit is negated.
            cosines = new() { [1] = [.. scores.Zip(cosines[1], (score, cosine) => score + (OfWeights * cosine))] };
            return LayerwiseMatching.Choose(products.Pair, index, cosines, SignChoice.Best(LayerwiseMatching.Copy(cosines)));
        }

        double[] alike = SignChoice.Best(LayerwiseMatching.Copy(cosines));
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (isOdd ? Math.Abs(scores[i]) : scores[i]) + (OfWeights * alike[i]);
        }

        return LayerwiseMatching.Choose(products.Pair, index, cosines, scores);
    }

    /// <summary>The node whose outputs are compared, and the channel of each unit there.</summary>
    private (int Node, int[] Channels) OutputOf(UnitGroup group)
    {
        var maker = group.Axes.First(axis => axis.Axis.Role == AxisRole.Incoming);
        int[] units = [.. Enumerable.Range(0, group.Count).Select(unit => _axes.Resolve(maker.Axis.Strands[maker.Places[unit * maker.PerUnit]]).Unit)];
        var nodes = b.Network.Nodes.Index().Where(pair => pair.Item.Layer is Relu or Sign or HardTanh).Select(pair => pair.Index);
        foreach (int node in nodes.Append(maker.Axis.Tensor.Node))
        {
            int[] there = [.. _axes.UnitsOf(node)];
            int[] channels = [.. units.Select(unit => Array.IndexOf(there, unit))];
            if (!channels.Contains(-1))
            {
                return (node, channels);
            }
        }

        throw new InvalidOperationException("A layer does not have the units that it makes.");
    }

    private double[] Correlations(int node, int[] channels, CancellationToken cancellationToken)
    {
        var (partOfA, partOfB) = (a.UpTo(node), b.UpTo(node));
        var moments = new ActivationMoments(products, channels, partOfA.Network.Output);
        int chunk = (int)Math.Clamp(ActivationMoments.ValuesAtOnce / partOfA.Network.Output.Size, 1, data.Count);
        for (int first = 0; first < data.Count; first += chunk)
        {
            var part = data.Slice(first, Math.Min(chunk, data.Count - first), data.Name);
            moments.Add(
                NetworkOutputs.Of<double>(engine, partOfA, part, null, cancellationToken),
                NetworkOutputs.Of<double>(engine, partOfB, part, null, cancellationToken));
        }

        return moments.Correlations();
    }
}
