using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quotient.Files;

namespace Quotient.Reports;

/// <summary>
/// A report as JSON; README.md lists the fields. Doubles are written with the fewest digits that read back as the same bits; NaN and
/// infinities, for which JSON has no words, are <c>null</c>.
/// </summary>
public static class JsonWriter
{
    private static readonly JsonSerializerOptions Style = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes a report to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void Write(Report report, string path) => WholeFile.WriteText(path, ToText(report));

    /// <summary>A report as JSON text.</summary>
    public static string ToText(Report report)
    {
        var fields = new Fields([
            ("report", report.Kind), ("schema", Report.Schema),
            .. from fact in report.Facts where fact.Key is not null select (fact.Key, fact.Value),
            .. from table in report.Tables where table.Key is not null && table.Title is not null select (table.Key, RowsOf(table)),
            .. Known(report.Provenance),
        ]);
        return NodeOf(fields)!.ToJsonString(Style) + "\n";
    }

    private static object RowsOf(Table table) => table.Rows.Select(row =>
        new Fields([.. table.Keys.Zip(row).Where(pair => pair.First is not null).Select(pair => (pair.First!, pair.Second.Value))]));

    private static IEnumerable<(string Name, object? Value)> Known(Provenance? from) => from is null ? [] : new (string, object? Value)[]
    {
        ("products", from.Products), ("seconds", from.Seconds), ("device", from.Device), ("deviceName", from.DeviceName),
        ("precision", from.Precision), ("seed", from.Seed), ("command", from.Command), ("version", from.Version),
    }.Where(field => field.Value is not null);

    private static JsonNode? NodeOf(object? value) => value switch
    {
        null => null,
        double number => double.IsFinite(number) ? number : null,
        bool truth => truth,
        int count => count,
        long count => count,
        ulong count => count,
        Fields fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, NodeOf(field.Value)))),
        IEnumerable items and not string => new JsonArray([.. items.Cast<object?>().Select(NodeOf)]),
        _ => Figures.Of(value),
    };
}
