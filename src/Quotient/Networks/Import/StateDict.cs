using System.Text.RegularExpressions;
using Quotient.Networks.Layers;

namespace Quotient.Networks.Import;

/// <summary>
/// Puts the tensors of a PyTorch <c>state_dict</c> to a network that was named beside the file. Writers of safetensors sort names, so the order
/// of modules is that of their names, numbers by value; each layer takes the first module left whose tensors have the shapes that it wants. Where names say no order, they must be
/// the network's own.
/// </summary>
internal static partial class StateDict
{
    /// <summary>PyTorch counts the batches that a batch norm has seen; nothing depends on it.</summary>
    private const string Counter = ".num_batches_tracked";

    /// <summary>Whether a tensor is one that no layer needs.</summary>
    public static bool IsCounter(StoredTensor tensor) => tensor.Name.EndsWith(Counter, StringComparison.Ordinal) && tensor.Size == 1;

    /// <summary>The network with its layers and tensors called as the file calls them.</summary>
    /// <exception cref="QuotientException">A layer finds no module, or a module no layer; the sentence names it.</exception>
    public static Network Match(Network network, IReadOnlyList<StoredTensor> tensors)
    {
        var wanted = network.Nodes.Where(node => node.Layer.Tensors.Count > 0).ToList();
        var names = network.Tensors.Concat(network.Buffers).Select(tensor => tensor.Name);
        if (names.Order(StringComparer.Ordinal).SequenceEqual(tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)))
        {
            return network;
        }

        var modules = Modules(tensors);
        var found = new Dictionary<Node, string>(ReferenceEqualityComparer.Instance);
        foreach (var node in wanted)
        {
            var module = Choose(node, modules.FindAll(module => Fits(node.Layer, module))) ?? throw new QuotientException(
                $"no module of the file, or none that is left, has the tensors of layer {Text.Quote(node.Name)}: {Describe(node.Layer)}" +
                (modules.Count > 0 ? $"; the first left is {Text.Quote(modules[0].Name)} with {Describe(modules[0])}" : ""));
            modules.Remove(module);
            found.Add(node, module.Name);
        }

        return modules.Count == 0
            ? Renamed(network, found)
            : throw new QuotientException(
                $"module {Text.Quote(modules[0].Name)} of the file, with {Describe(modules[0])}, fits no layer of the network {network}");
    }

    private static List<Module> Modules(IReadOnlyList<StoredTensor> tensors) =>
    [
        .. tensors.Where(tensor => !IsCounter(tensor))
            .GroupBy(tensor => tensor.Name[..Math.Max(0, tensor.Name.LastIndexOf('.'))])
            .Select(group => new Module(group.Key, group.ToDictionary(tensor => tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..])))
            .OrderBy(module => DenseChain.NaturalKey(module.Name), StringComparer.Ordinal),
    ];

    /// <summary>
    /// The first of the modules that fit a layer, where its name says that it comes before the others'; else the one called as the layer, with more
    /// before its name or not.
    /// </summary>
    private static Module? Choose(Node node, List<Module> fitting)
    {
        if (fitting.TrueForAll(other => IsBefore(fitting[0].Name, other.Name, node.Layer is BatchNorm)))
        {
            return fitting.FirstOrDefault();
        }

        return fitting.Where(module => $".{module.Name}".EndsWith($".{node.Name}", StringComparison.Ordinal)).MinBy(module => module.Name.Length)
            ?? throw new QuotientException(
                $"modules {Text.Quote(fitting[0].Name)} and {Text.Quote(fitting[1].Name)} of the file fit layer {Text.Quote(node.Name)} alike, and " +
                "their names say no order; number them, or call them as the network does");
    }

    /// <summary>
    /// Whether names that sort so say an order: they differ in numbers alone; or the second is a module within a sibling of the first, and called
    /// as it but for numbers, as <c>bn1</c> and <c>layer1.0.bn1</c> are. Of batch norms any module within a sibling is later, as
    /// <c>layer2.0.downsample.1</c> is.
    /// </summary>
    private static bool IsBefore(string first, string other, bool isNorm)
    {
        string one = Numbers().Replace(first, "#"), two = Numbers().Replace(other, "#");
        int leaf = one.LastIndexOf('.') + 1;
        return one == two
            || (two.StartsWith(one[..leaf], StringComparison.Ordinal) && (isNorm ? two[leaf..].Contains('.') : two[leaf..].EndsWith($".{one[leaf..]}", StringComparison.Ordinal)));
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    private static bool Fits(Layer layer, Module module)
    {
        var shapes = layer.Tensors.Concat(layer.Buffers).ToList();
        return shapes.Count == module.Tensors.Count && shapes.TrueForAll(shape =>
            module.Tensors.TryGetValue(shape.Suffix, out var tensor)
            && tensor.Dimensions.SequenceEqual(shape.Dimensions.Select(extent => (long)extent)));
    }

    private static Network Renamed(Network network, Dictionary<Node, string> modules)
    {
        var taken = modules.Values.ToHashSet();
        return new(network.Input, [.. network.Nodes.Select(node => modules.TryGetValue(node, out string? module)
            ? Named(node, module)
            : node with { Name = OnnxNames.Free(taken, [node.Name]) })]);
    }

    /// <summary>A model that is one layer alone has no name before its tensors'.</summary>
    private static Node Named(Node node, string module) => module.Length > 0
        ? node with { Name = module, TensorNames = null }
        : node with { TensorNames = [.. node.Layer.Tensors.Concat(node.Layer.Buffers).Select(shape => shape.Suffix)] };

    private static string Describe(Layer layer) =>
        string.Join(", ", layer.Tensors.Concat(layer.Buffers).Select(shape => $"{shape.Suffix} {Text.Bracket([.. shape.Dimensions])}"));

    private static string Describe(Module module) =>
        string.Join(", ", module.Tensors.Take(4).Select(tensor => $"{Text.Plain(tensor.Key, 40)} {Text.Bracket([.. tensor.Value.Dimensions])}"));

    /// <summary>The tensors of one module, by the last part of their names.</summary>
    private sealed record Module(string Name, IReadOnlyDictionary<string, StoredTensor> Tensors);
}
