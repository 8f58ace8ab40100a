using Quotient.Files;
using Quotient.Networks;

namespace Quotient.Experiments;

/// <summary>A trained net with a name, in a group of nets that were trained alike.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its group.</param>
/// <param name="Model">The net.</param>
public sealed record NamedModel(string Name, string Group, Model Model);

/// <summary>
/// A folder of trained nets of one architecture, <c>.safetensors</c> or <c>.onnx</c>, in the natural order of their names. The group of a net
/// is its file's name up to the last hyphen, or without the number at its end: <c>rsgd-1.safetensors</c> and <c>rsgd1.safetensors</c> are in group
/// <c>rsgd</c>. Other files are passed over.
/// </summary>
public static class NetFolder
{
    private static readonly string[] Endings = [".safetensors", ".onnx"];

    /// <summary>Reads the nets.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="architecture">What files are of that do not say it themselves.</param>
    /// <exception cref="QuotientException">There are fewer than two nets, two of one name, one that cannot be read, or several architectures.</exception>
    public static IReadOnlyList<NamedModel> Read(string folder, Network? architecture = null)
    {
        string[] files = FilesOf(folder);
        QuotientException.ThrowIf(
            files.Length < 2,
            $"the folder '{folder}' holds {Sentence.Count(files.Length, "net")} ({Sentence.Or(Endings.Select(ending => $"*{ending}"))}); a landscape takes two or more");
        var nets = new List<NamedModel>();
        foreach (string file in files)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            QuotientException.ThrowIf(nets.Any(net => net.Name == name), $"the folder '{folder}' holds two nets of the name {Text.Quote(name)}; rename one");
            var model = Model.Load(file, architecture);
            QuotientException.ThrowIf(
                nets.Count > 0 && !IsSame(nets[0].Model.Network, model.Network),
                $"the net '{file}' is {model.Network}, but '{files[0]}' is {nets[0].Model.Network}; a landscape is of nets of one architecture");
            nets.Add(new(name, GroupOf(name), model));
        }

        return nets;
    }

    /// <summary>The group of a net by its name: all before the last hyphen; where there is none, all before the number at the end, if there is one.</summary>
    public static string GroupOf(string name) => name.LastIndexOf('-') is > 0 and var hyphen ? name[..hyphen]
        : name.TrimEnd("0123456789".ToCharArray()) is var stem && stem.Any(char.IsLetter) ? stem
        : name;

    /// <summary>Whether two networks compute alike of the same parameters, whatever their layers are called.</summary>
    internal static bool IsSame(Network one, Network other) => one.Input == other.Input && one.Nodes.Count == other.Nodes.Count
        && one.Nodes.Zip(other.Nodes).All(pair => pair.First.Layer == pair.Second.Layer && pair.First.Inputs.SequenceEqual(pair.Second.Inputs));

    /// <summary>The files of nets in a folder, in the natural order of their names.</summary>
    /// <exception cref="QuotientException">There is no such folder, or it cannot be read.</exception>
    public static string[] FilesOf(string folder)
    {
        QuotientException.ThrowIf(
            !Directory.Exists(folder),
            $"the folder of nets is {Text.Quote(folder)}, which {(File.Exists(folder) ? "is a file" : "does not exist")}; it must be a folder");
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder)
                    .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                    .OrderBy(file => DenseChain.NaturalKey(Path.GetFileName(file)), StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException($"cannot read the folder of nets '{folder}': {error.Message.TrimEnd('.')}", error);
        }
    }
}
