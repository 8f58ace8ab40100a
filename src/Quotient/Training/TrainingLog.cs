using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quotient.Networks;
using Quotient.Results;
using Quotient.Training.Starts;

namespace Quotient.Training;

/// <summary>
/// What was trained how, and how it went: kept in checkpoints, and in the metadata of trained models so that a report on one can
/// show the curve that led there.
/// </summary>
public sealed record TrainingLog
{
    /// <summary>The metadata key that it is kept under, as JSON.</summary>
    public const string Key = "quotient.training";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The words for the training set.</summary>
    public required string Data { get; init; }

    /// <summary>The loss's name.</summary>
    public required string Loss { get; init; }

    /// <summary>Samples in a mini-batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The optimiser's text.</summary>
    public required string Optimiser { get; init; }

    /// <summary>The schedule's text.</summary>
    public required string Schedule { get; init; }

    /// <summary>The orders of the epochs: <c>own</c>, or the seed that they were drawn from.</summary>
    public required string Order { get; init; }

    /// <summary>The arithmetic's precision.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The adversarial start, where there was one and it is over.</summary>
    public AdversarialStart? Start { get; init; }

    /// <summary>The evaluated epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>The log that a model carries; null where it has none.</summary>
    /// <exception cref="QuotientException">What it carries is no log.</exception>
    public static TrainingLog? Of(Model model) => model.Metadata.TryGetValue(Key, out string? json) ? Read(json) : null;

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    internal static TrainingLog Read(string json) => JsonFields.Parse(Encoding.UTF8.GetBytes(json), Key, root =>
    {
        var fields = new JsonFields(root, Key);
        var log = new TrainingLog
        {
            Data = fields.TakeText("data"),
            Loss = fields.TakeText("loss"),
            BatchSize = fields.TakeWhole("batchSize", 1),
            Optimiser = fields.TakeText("optimiser"),
            Schedule = fields.TakeText("schedule"),
            Order = fields.TakeText("order"),
            Precision = ReadPrecision(fields.TakeText("precision")),
            Start = fields.Has("start") ? ReadStart(fields.Take("start")) : null,
            Epochs = [.. fields.TakeList("epochs").Select(ReadEpoch)],
        };
        fields.End();
        return log;
    });

    /// <summary>The log as JSON.</summary>
    internal string Write()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("data", Data);
            json.WriteString("loss", Loss);
            json.WriteNumber("batchSize", BatchSize);
            json.WriteString("optimiser", Optimiser);
            json.WriteString("schedule", Schedule);
            json.WriteString("order", Order);
            json.WriteString("precision", Name(Precision));
            if (Start is { } start)
            {
                WriteStart(json, start);
            }

            json.WriteStartArray("epochs");
            foreach (var epoch in Epochs)
            {
                WriteEpoch(json, epoch);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The first thing in which the other log was not trained alike, as a clause; null where there is none.</summary>
    internal string? DifferenceFrom(TrainingLog other)
    {
        (string What, string Mine, string Other)[] pairs =
        [
            ("precision", Name(Precision), Name(other.Precision)),
            ("loss", Loss, other.Loss),
            ("batch size", FormattableString.Invariant($"{BatchSize}"), FormattableString.Invariant($"{other.BatchSize}")),
            ("optimiser", Optimiser, other.Optimiser),
            ("schedule", Schedule, other.Schedule),
            ("order of the samples", Order, other.Order),
        ];
        return pairs.Where(pair => pair.Mine != pair.Other)
            .Select(pair => $"the {pair.What} is {Text.Quote(FromDifference(pair.Mine, pair.Other))}, but this run asks for " +
                Text.Quote(FromDifference(pair.Other, pair.Mine)))
            .FirstOrDefault();
    }

    /// <summary>A text from a word before the first that differs, so that a long one is not cut before it.</summary>
    private static string FromDifference(string text, string other)
    {
        const int Short = 60;
        int same = text.AsSpan().CommonPrefixLength(other);
        int word = text.AsSpan(0, same).LastIndexOf(' ');
        return text.Length <= Short || word < 0 ? text : string.Concat("… ", text.AsSpan(word + 1));
    }

    private static string Name(Precision precision) => precision == Precision.Double ? "double" : "single";

    private static Precision ReadPrecision(string name) => name switch
    {
        "single" => Precision.Single,
        "double" => Precision.Double,
        _ => throw new QuotientException($"{Key} has precision {Text.Quote(name)}; single or double is wanted"),
    };

    private static void WriteStart(Utf8JsonWriter json, AdversarialStart start)
    {
        json.WriteStartObject("start");
        json.WriteNumber("epochs", start.Epochs);
        json.WriteNumber("error", start.Error);
        json.WriteNumber("wanted", start.Wanted);
        json.WriteEndObject();
    }

    private static AdversarialStart ReadStart(JsonElement element)
    {
        string what = $"{Key}, the start,";
        var fields = new JsonFields(element, what);
        double Share(string name) => fields.Take(name) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetDouble(out double number) && number is >= 0 and <= 1
            ? number
            : throw new QuotientException($"{what} has no number from 0 to 1 in '{name}'");

        var start = new AdversarialStart(fields.TakeWhole("epochs", 1), Share("error"), Share("wanted"));
        fields.End();
        return start;
    }

    private static void WriteEpoch(Utf8JsonWriter json, EpochRecord epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteNumber("trainLoss", epoch.TrainLoss);
        WriteNumber(json, "trainError", double.IsNaN(epoch.TrainError) ? null : epoch.TrainError);
        WriteNumber(json, "testLoss", epoch.TestLoss);
        WriteNumber(json, "testError", epoch.TestError);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static EpochRecord ReadEpoch(JsonElement element)
    {
        string what = $"{Key}, an epoch,";
        var fields = new JsonFields(element, what);
        double? Number(string name) => !fields.Has(name)
            ? null
            : fields.Take(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : throw new QuotientException($"{what} has no finite number in '{name}'");

        var epoch = new EpochRecord(
            fields.TakeWhole("epoch", 1),
            Number("trainLoss") ?? throw new QuotientException($"{what} has no field 'trainLoss'"),
            Number("trainError") ?? double.NaN,
            Number("testLoss"),
            Number("testError"));
        fields.End();
        return epoch;
    }
}
