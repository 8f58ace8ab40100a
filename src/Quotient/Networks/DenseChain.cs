using System.Text.RegularExpressions;
using Quotient.Networks.Layers;

namespace Quotient.Networks;

/// <summary>
/// The network of a file that says no architecture: its tensors must be 2-D weights and 1-D biases, <c>name.weight</c> and
/// <c>name.bias</c>, of dense layers, which are taken in the natural order of their names with ReLU between. (Writers sort
/// tensors by type and letter, so their order in the file says nothing.)
/// </summary>
internal static class DenseChain
{
    private const string Weight = "weight", Bias = "bias";

    /// <summary>Reads the network off the tensors' names and shapes.</summary>
    public static Network Read(IReadOnlyList<StoredTensor> tensors)
    {
        var layers = tensors.GroupBy(LayerName).OrderBy(layer => NaturalKey(layer.Key), StringComparer.Ordinal)
            .Select(layer => (Name: layer.Key, Dense: ReadLayer(layer.Key, layer))).ToList();
        if (layers.Count == 0)
        {
            throw new QuotientException("the file holds no tensors");
        }

        var nodes = new List<Node>();
        foreach (var (index, (name, dense)) in layers.Index())
        {
            if (index > 0)
            {
                var before = layers[index - 1];
                if (before.Dense.Outputs != dense.Inputs)
                {
                    throw new QuotientException(
                        $"layer {Text.Quote(before.Name)} has {before.Dense.Outputs} outputs, but layer {Text.Quote(name)}, next " +
                        $"in the order of names, takes {dense.Inputs} inputs, and the file has no metadata key {Architecture.Key}");
                }

                nodes.Add(new(BetweenName(before.Name, name), new Relu(), [nodes.Count - 1]));
            }

            nodes.Add(new(name, dense, [nodes.Count - 1]));
        }

        return new(new(layers[0].Dense.Inputs), nodes);
    }

    /// <summary>
    /// Text that orders names as people do: digits by the number that they write, so that <c>fc10</c> follows <c>fc2</c>. The name itself
    /// comes last, for those that differ in leading zeros only.
    /// </summary>
    internal static string NaturalKey(string name)
    {
        string numbered = Regex.Replace(name, "[0-9]+", digits =>
        {
            string number = digits.Value.TrimStart('0');
            return FormattableString.Invariant($"{number.Length:D9}{number}");
        });
        return $"{numbered}\0{name}";
    }

    private static string LayerName(StoredTensor tensor)
    {
        int dot = tensor.Name.LastIndexOf('.');
        bool known = tensor.Name[(dot + 1)..] switch
        {
            Weight => tensor.Dimensions.Count == 2,
            Bias => tensor.Dimensions.Count == 1,
            _ => false,
        };
        return known && dot > 0 ? tensor.Name[..dot] : throw new QuotientException(
            $"tensor {Text.Quote(tensor.Name)} of shape {Text.Bracket(tensor.Dimensions)} is neither a 2-D 'name.weight' nor " +
            $"a 1-D 'name.bias', the file has no metadata key {Architecture.Key} that would say what it is for, and no architecture was given");
    }

    private static Dense ReadLayer(string name, IEnumerable<StoredTensor> tensors)
    {
        var weight = tensors.FirstOrDefault(tensor => tensor.Dimensions.Count == 2) ?? throw new QuotientException(
            $"layer {Text.Quote(name)} has a bias but no weight");
        if (weight.Dimensions.Any(dimension => dimension is < 1 or > int.MaxValue))
        {
            throw new QuotientException(
                $"layer {Text.Quote(name)} cannot have a weight of shape {Text.Bracket(weight.Dimensions)}");
        }

        var bias = tensors.FirstOrDefault(tensor => tensor.Dimensions.Count == 1);
        if (bias is not null && bias.Dimensions[0] != weight.Dimensions[0])
        {
            throw new QuotientException(
                $"layer {Text.Quote(name)} has a weight of {weight.Dimensions[0]} outputs, but a bias of {bias.Dimensions[0]}");
        }

        return new((int)weight.Dimensions[1], (int)weight.Dimensions[0], bias is not null);
    }

    /// <summary>
    /// The ReLU of <c>Sequential</c> has the number between its neighbours'; others go by the layer that they follow.
    /// </summary>
    private static string BetweenName(string first, string next)
    {
        int digits = first.Length - first.AsSpan().TrimEnd("0123456789").Length;
        string stem = first[..^digits];
        return int.TryParse(first.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && next == string.Create(CultureInfo.InvariantCulture, $"{stem}{number + 2L}")
                ? string.Create(CultureInfo.InvariantCulture, $"{stem}{number + 1L}")
                : $"{first}.relu";
    }
}
