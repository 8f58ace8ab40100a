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
        var fields = new Fields { ["report"] = report.Kind, ["schema"] = Report.Schema };
        foreach (var fact in report.Facts.Where(fact => fact.Key is not null))
        {
            fields.Add(fact.Key!, fact.Value);
        }

        foreach (var table in report.Tables.Where(table => table.Key is not null && table.Title is not null))
        {
            fields.Add(table.Key!, table.Rows.Select(row => Row(table, row)));
        }

        AddProvenance(fields, report.Provenance);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Style))
        {
            WriteValue(json, fields);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static Fields Row(Table table, IReadOnlyList<Cell> row)
    {
        var fields = new Fields();
        foreach (var (key, cell) in table.Keys.Zip(row).Where(pair => pair.First is not null))
        {
            fields.Add(key!, cell.Value);
        }

        return fields;
    }

    private static void AddProvenance(Fields fields, Provenance? provenance)
    {
        if (provenance is null)
        {
            return;
        }

        Fields known = new()
        {
            ["products"] = provenance.Products,
            ["seconds"] = provenance.Seconds,
            ["device"] = provenance.Device,
            ["deviceName"] = provenance.DeviceName,
            ["precision"] = provenance.Precision,
            ["seed"] = provenance.Seed,
            ["command"] = provenance.Command,
            ["version"] = provenance.Version,
        };
        foreach (var (key, value) in known.Where(field => field.Value is not null))
        {
            fields.Add(key, value);
        }
    }

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
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, null));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case Fields fields:
                WriteObject(json, fields);
                break;
            case IEnumerable items and not string:
                WriteArray(json, items);
                break;
            default:
                json.WriteStringValue(Figures.Of(value));
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, Fields fields)
    {
        json.WriteStartObject();
        foreach (var (key, value) in fields)
        {
            json.WritePropertyName(key);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (object? item in items)
        {
            WriteValue(json, item);
        }

        json.WriteEndArray();
    }
}
