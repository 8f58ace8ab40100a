using Quotient.Fuzz.Targets;

namespace Quotient.Fuzz;

/// <summary>The kinds of input that are fuzzed.</summary>
internal static class AllTargets
{
    private static readonly IReadOnlyDictionary<string, Func<Target>> Makers = new OrderedDictionary<string, Func<Target>>
    {
        ["models"] = () => new ModelFiles(),
        ["onnx"] = () => new OnnxFiles(),
        ["npz"] = () => new NpzFiles(),
        ["npy"] = () => new NpyFiles(),
        ["csv"] = () => new CsvFiles(),
        ["idx"] = () => new IdxFiles(),
        ["cifar"] = () => new CifarFiles(),
        ["checkpoints"] = () => new CheckpointFiles(),
        ["cache"] = () => new CacheEntries(),
        ["commands"] = () => new CommandLines(),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>Those of the names, or all.</summary>
    public static List<Target> Named(IReadOnlyList<string> names) =>
        [.. Makers.Where(maker => names.Count == 0 || names.Contains(maker.Key)).Select(maker => maker.Value())];
}
