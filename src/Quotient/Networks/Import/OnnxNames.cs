namespace Quotient.Networks.Import;

/// <summary>
/// What layers are called: as their tensors, where these are <c>conv1.weight</c> and <c>conv1.bias</c>, as PyTorch's exporter keeps them;
/// else as the file's node, or as what it makes.
/// </summary>
internal static class OnnxNames
{
    private static readonly string[] Suffixes = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>The layers as nodes of a network, each under a name of its own.</summary>
    public static List<Node> Nodes(IReadOnlyList<OnnxLayer> layers)
    {
        var names = new HashSet<string>();
        return [.. layers.Select(layer => NodeOf(layer, Free(names, Candidates(layer))))];
    }

    /// <summary>The first candidate that is not taken, or the last with a number.</summary>
    public static string Free(HashSet<string> taken, IReadOnlyList<string> candidates)
    {
        string name = candidates.FirstOrDefault(taken.Add, "");
        for (int number = 2; name.Length == 0; number++)
        {
            string numbered = $"{candidates[^1]}.{number}";
            name = taken.Add(numbered) ? numbered : "";
        }

        return name;
    }

    private static Node NodeOf(OnnxLayer layer, string name)
    {
        string[] keys = [.. layer.Tensors.Select(tensor => tensor.Key)];
        var usual = layer.Layer.Tensors.Concat(layer.Layer.Buffers).Select(shape => $"{name}.{shape.Suffix}");
        return new(name, layer.Layer, layer.Inputs) { TensorNames = keys.SequenceEqual(usual) ? null : keys };
    }

    private static List<string> Candidates(OnnxLayer layer)
    {
        var prefixes = layer.Tensors.Select(tensor => Prefix(tensor.Key)).OfType<string>().Distinct().ToList();
        string?[] names = [prefixes.Count == 1 ? prefixes[0] : null, layer.Node.Name, layer.Node.Outputs[0]];
        return [.. names.OfType<string>().Where(name => name.Length > 0)];
    }

    /// <summary>What stands before a tensor's last part; null where that is none that PyTorch's layers have.</summary>
    private static string? Prefix(string key)
    {
        int dot = key.LastIndexOf('.');
        return dot > 0 && Suffixes.Contains(key[(dot + 1)..]) ? key[..dot] : null;
    }
}
