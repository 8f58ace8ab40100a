using System.Collections;
using System.Text;
using System.Text.Json;

namespace Quotient.Reports;

/// <summary>
/// A report as JSON; README.md lists the fields. Doubles are written with the fewest digits that read back as the same bits; NaN and
/// infinities, for which JSON has no words, are <c>null</c>.
/// </summary>
public static class JsonWriter
{
    private static readonly JsonWriterOptions Style = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes a report to a file, whole or not at all.</summary>
    /// <exception cref="QuotientException">The file cannot be written.</exception>
    public static void Write(Report report, string path) => WholeFile.WriteText(path, ToText(report));

    /// <summary>A report as JSON text.</summary>
    public static string ToText(Report report)
    {
        var fields = new Fields(("report", report.Kind), ("schema", Report.Schema));
        foreach (var fact in report.Facts.Where(fact => fact.Key is not null))
        {
            fields.Add(fact.Key!, fact.Value);
        }

        foreach (var table in report.Tables.Where(table => table.Key is not null && table.Title is not null))
        {
            fields.Add(table.Key!, table.Rows.Select(row => RowOf(table, row)));
        }

        foreach (var (name, value) in Known(report.Provenance))
        {
            fields.Add(name, value);
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Style))
        {
            WriteValue(json, fields);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static Fields RowOf(Table table, IReadOnlyList<Cell> row) =>
        new([.. table.Keys.Zip(row).Where(pair => pair.First is not null).Select(pair => (pair.First!, pair.Second.Value))]);

    private static IEnumerable<KeyValuePair<string, object?>> Known(Provenance? from) => from is null ? [] : new Fields(
        ("products", from.Products), ("seconds", from.Seconds), ("device", from.Device), ("deviceName", from.DeviceName),
        ("precision", from.Precision), ("seed", from.Seed), ("command", from.Command), ("version", from.Version))
        .Where(field => field.Value is not null);

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case null or double:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int or long or ulong:
                json.WriteRawValue(CsvWriter.Field(value));
                break;
            case Fields fields:
                json.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    json.WritePropertyName(name);
                    WriteValue(json, field);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items and not string:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Figures.Of(value));
                break;
        }
    }
}
