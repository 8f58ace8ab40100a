using Quotient.Symmetry;

namespace Quotient.Reports;

/// <summary>Says how one network was brought next to another.</summary>
public static class MatchingReport
{
    /// <summary>Of a matching.</summary>
    /// <param name="a">The network that stays.</param>
    /// <param name="b">The network whose units change places.</param>
    /// <param name="moved">The same after the matching.</param>
    /// <param name="matching">The matching.</param>
    /// <param name="method">Its name, as on the command line.</param>
    /// <param name="comparison">The outputs of <paramref name="b"/> and of <paramref name="moved"/>.</param>
    /// <param name="seconds">How long the matching took.</param>
    public static Report Of(Model a, Model b, Model moved, Matching matching, string method, OutputComparison comparison, double seconds)
    {
        var (form, before, after) = (StandardForm.Of(a), StandardForm.Of(b), StandardForm.Of(moved));
        var layers = LayersOf(matching.Transformation);
        bool isBinary = b.Network.Tensors.Any(tensor => tensor.IsBinary);
        string distance = isBinary ? "binary weights that differ" : "distance";
        var report = new Report("matching", "Matching")
            .Fact("network", "network", b.Network.ToString())
            .Fact("parameters", "parameters", b.Network.ParameterCount)
            .Fact("method", "method", method)
            .Fact("distanceBefore", $"{distance} before", Distances.Between(form, before).Value)
            .Fact("distanceAfter", $"{distance} after", Distances.Between(form, after).Value)
            .Fact("similarity", "similarity", matching.Similarity)
            .Fact("sweeps", matching.Sweeps == 0 ? null : "sweeps", matching.Sweeps)
            .Fact("outputsEqual", "outputs equal", comparison.AreEqual, comparison.AreEqual ? "yes" : "no")
            .Fact("largestOutputDifference", "largest difference of outputs", comparison.LargestDifference)
            .Fact("inputs", "on", comparison.Inputs)
            .Fact("ties", comparison.Ties is null ? null : "ties before signs", comparison.Ties)
            .Fact("matchingSeconds", "seconds of matching", seconds)
            .Fact("layers", null, layers.Select(layer => new Fields(
                ("name", layer.Name), ("permutation", layer.Permutation), ("flips", layer.Flips))))
            .Table(Table.Of(
                "layers", null, layers.SelectMany(layer => layer.Permutation.Select((from, to) => (layer.Name, Place: to, From: from, Flip: layer.Flips[to]))),
                new("layer", null, unit => unit.Name), new("place", null, unit => unit.Place), new("unit", null, unit => unit.From),
                new("flipped", null, unit => unit.Flip)))
            .Table(Table.Of(
                null, "Layers whose units move", layers,
                new(null, "layer", layer => layer.Name),
                new(null, "units", layer => layer.Permutation.Length),
                new(null, "moved", layer => layer.Permutation.Where((from, to) => from != to).Count()),
                new(null, "negated", layer => layer.Flips.Count(flip => flip))));
        if (!comparison.AreEqual)
        {
            report.Note(
                comparison.Ties > 0
                    ? "The outputs differ: values before signs are exactly 0 on some inputs, where units that are negated change the function."
                    : "The outputs differ by more than rounding explains.",
                isWarning: true);
        }

        return report;
    }

    /// <summary>The layers whose units can move, in the order of the network.</summary>
    private static List<(string Name, int[] Permutation, bool[] Flips)> LayersOf(Transformation found) =>
    [
        .. from tensor in found.Network.Tensors
           where found.Network.Nodes[tensor.Node].Layer.MixesUnits && tensor.Shape.Axes.Contains(Networks.Axis.In)
           let own = found.OfUnitsMadeBy(tensor)
           where own is not null
           select (found.Network.Nodes[tensor.Node].Name, own.Value.Permutation, own.Value.Flips),
    ];
}
