using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quotient;

/// <summary>
/// A JSON object read strictly: no field twice, none of another type than asked for, and none left over. Every refusal is one
/// sentence that begins with what the object is.
/// </summary>
internal sealed class JsonFields
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _what;
    private readonly Dictionary<string, JsonElement> _fields = [];

    public JsonFields(JsonElement element, string what)
    {
        _what = what;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"is {Name(element)} where an object is wanted");
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!_fields.TryAdd(property.Name, property.Value))
            {
                throw Wrong($"has the field {Text.Quote(property.Name)} twice");
            }
        }
    }

    /// <summary>The fields not yet taken, in their order.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> Rest => _fields;

    /// <summary>Parses a text and reads its root; text that is not JSON is a <see cref="QuotientException"/>.</summary>
    public static T Parse<T>(ReadOnlyMemory<byte> utf8, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new QuotientException(
                $"{what} is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}", error);
        }
        catch (InvalidOperationException error)
        {
            // Kinds are checked before values are taken; only text that is not valid UTF-8 or UTF-16 ends here.
            throw new QuotientException($"{what} holds text that is not valid Unicode", error);
        }
    }

    /// <summary>An object as compact text, in UTF-8.</summary>
    public static byte[] ToUtf8(JsonObject fields)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Relaxed))
        {
            fields.WriteTo(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Whole numbers as a list.</summary>
    public static JsonArray ListOf(IEnumerable<long> values) => [.. values.Select(value => JsonValue.Create(value))];

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Takes a field of any type.</summary>
    public JsonElement Take(string name) => _fields.Remove(name, out var value) ? value : throw Wrong($"has no field '{name}'");

    public string TakeText(string name) => AsText(Take(name), name);

    public bool TakeFlag(string name) => AsFlag(Take(name), name);

    /// <summary>Takes a whole number between bounds, both included.</summary>
    public int TakeWhole(string name, int least, int most = int.MaxValue) => (int)AsWhole(Take(name), name, least, most);

    /// <summary>Takes a finite number.</summary>
    public double TakeReal(string name) => AsReal(Take(name), name);

    /// <summary>Takes a list of lists of finite numbers.</summary>
    public IReadOnlyList<double[]> TakeReals(string name) => TakeLists(name, AsReal);

    /// <summary>Takes a list of lists of truth values.</summary>
    public IReadOnlyList<bool[]> TakeFlags(string name) => TakeLists(name, AsFlag);

    /// <summary>Takes a list of whole numbers between bounds, both included, that is no longer than some length.</summary>
    public IReadOnlyList<long> TakeWholes(string name, long least = 0, long most = long.MaxValue, int longest = int.MaxValue) =>
        [.. TakeList(name, longest).Select(value => AsWhole(value, name, least, most))];

    public IEnumerable<JsonElement> TakeList(string name, int longest = int.MaxValue)
    {
        var value = Take(name);
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong($"has {Name(value)} as '{name}' where a list is wanted");
        }

        return value.GetArrayLength() <= longest
            ? value.EnumerateArray()
            : throw Wrong($"has a list of {value.GetArrayLength()} as '{name}' where one of at most {longest} is wanted");
    }

    public string AsText(JsonElement value, string name) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Wrong($"has {Name(value)} as {Text.Quote(name)} where text is wanted");

    /// <summary>Refuses fields that nobody took: a misspelt field must not be ignored.</summary>
    public void End()
    {
        if (_fields.Count > 0)
        {
            throw Wrong($"has an unknown field {Text.Quote(_fields.Keys.First())}");
        }
    }

    private List<TValue[]> TakeLists<TValue>(string name, Func<JsonElement, string, TValue> read) =>
    [
        .. TakeList(name).Select(list => list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(value => read(value, name)).ToArray()
            : throw Wrong($"has {Name(list)} in '{name}' where a list is wanted")),
    ];

    private bool AsFlag(JsonElement value, string name) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw Wrong($"has {Name(value)} as '{name}' where true or false is wanted");

    private double AsReal(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong($"has {Name(value)} as '{name}' where a number is wanted");

    private long AsWhole(JsonElement value, string name, long least, long most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long whole) && whole >= least && whole <= most
            ? whole
            : throw Wrong($"has {Name(value)} in '{name}' where a whole number from {least} to {most} is wanted");

    private QuotientException Wrong(string sentence) => new($"{_what} {sentence}");

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text {Text.Quote(value.GetString()!)}",
        _ => Text.Quote(value.GetRawText()),
    };
}
