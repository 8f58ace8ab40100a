using System.Text.Json.Nodes;
using Quotient.Files;
using Quotient.Networks;

namespace Quotient.Symmetry;

/// <summary>
/// A symmetry as a JSON file:
/// <code>
/// {"version":1,"network":"{…}","groups":[
///   {"name":"0","permutation":[2,0,1],"scales":[[1,1,0.5]],"flips":[]}]}
/// </code>
/// <c>network</c> is the architecture as model files have it; the groups are those of <see cref="UnitGroup.Of(Network)"/>, in their order.
/// </summary>
public sealed partial class Transformation
{
    private const int Version = 1;

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var fields = new JsonObject
        {
            ["version"] = Version,
            ["network"] = Architecture.Write(Network),
            ["groups"] = new JsonArray([.. Groups.Zip(Changes, FieldsOf)]),
        };
        WholeFile.WriteText(path, System.Text.Encoding.UTF8.GetString(JsonFields.ToUtf8(fields)));
    }

    /// <summary>Reads what <see cref="Save"/> writes.</summary>
    /// <exception cref="QuotientException">The file is missing or is none.</exception>
    public static Transformation Load(string path)
    {
        try
        {
            return JsonFields.Parse(File.ReadAllBytes(path), "the symmetry", root => Read(new(root, "the symmetry")));
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException($"cannot read the symmetry '{path}': {error.Message}", error);
        }
    }

    private static JsonObject FieldsOf(UnitGroup group, UnitChange change) => new()
    {
        ["name"] = group.Name,
        ["permutation"] = JsonFields.ListOf(change.Permutation.Select(place => (long)place)),
        ["scales"] = ListsOf(change.Scales, scale => JsonValue.Create(scale)),
        ["flips"] = ListsOf(change.Flips, flip => JsonValue.Create(flip)),
    };

    private static JsonArray ListsOf<TValue>(IReadOnlyList<TValue[]> lists, Func<TValue, JsonNode> write) =>
        [.. lists.Select(list => new JsonArray([.. list.Select(write)]))];

    private static Transformation Read(JsonFields fields)
    {
        int version = fields.TakeWhole("version", 1);
        QuotientException.ThrowIf(version != Version, $"the symmetry has version {version}; this release reads version {Version}");
        var network = Architecture.Read(fields.TakeText("network"));
        var groups = UnitGroup.Of(network);
        var changes = new List<UnitChange>();
        foreach (var element in fields.TakeList("groups", groups.Count))
        {
            var group = groups[changes.Count];
            string what = $"the symmetry's group {changes.Count}";
            var own = new JsonFields(element, what);
            string name = own.TakeText("name");
            QuotientException.ThrowIf(name != group.Name, $"{what} is called {Text.Quote(name)}, but the network's is {Text.Quote(group.Name)}");
            changes.Add(new(
                [.. own.TakeWholes("permutation", 0, group.Count - 1, group.Count).Select(place => (int)place)],
                own.TakeReals("scales"), own.TakeFlags("flips")));
            own.End();
        }

        fields.End();
        return new(network, changes);
    }
}
