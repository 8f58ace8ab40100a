using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quotient.Results;
using Quotient.Training.Starts;

namespace Quotient.Training;

/// <summary>
/// How a model was trained, and its loss by epoch: kept in checkpoints, and in the metadata of trained models, so that a report on
/// a model can show its training curves.
/// </summary>
public sealed record TrainingLog
{
    /// <summary>The metadata key that it is kept under, as JSON.</summary>
    public const string Key = "quotient.training";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
    /// <exception cref="QuotientException">Its metadata are not those of a log.</exception>
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
        var log = new JsonObject
        {
            ["data"] = Data,
            ["loss"] = Loss,
            ["batchSize"] = BatchSize,
            ["optimiser"] = Optimiser,
            ["schedule"] = Schedule,
            ["order"] = Order,
            ["precision"] = Name(Precision),
        };
        if (Start is { } start)
        {
            log["start"] = new JsonObject { ["epochs"] = start.Epochs, ["error"] = start.Error, ["wanted"] = start.Wanted };
        }

        log["epochs"] = new JsonArray([.. Epochs.Select(WriteEpoch)]);
        return log.ToJsonString(Relaxed);
    }

    /// <summary>Throws where it is not of the first epochs of a training, in their order.</summary>
    internal void CheckUntil(int last)
    {
        foreach (var (before, next) in Epochs.Zip(Epochs.Skip(1)))
        {
            QuotientException.ThrowIf(next.Epoch <= before.Epoch, $"its log has epoch {next.Epoch} after epoch {before.Epoch}");
        }

        QuotientException.ThrowIf(
            Epochs.Count > 0 && Epochs[^1].Epoch > last, $"its log goes to epoch {Epochs[^1].Epoch}, but only {last} are behind it");
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

    private static AdversarialStart ReadStart(JsonElement element)
    {
        string what = $"{Key}, the start,";
        var fields = new JsonFields(element, what);
        double Share(string name) => fields.TakeReal(name) is >= 0 and <= 1 and var share
            ? share
            : throw new QuotientException($"{what} has no number from 0 to 1 in '{name}'");

        var start = new AdversarialStart(fields.TakeWhole("epochs", 1), Share("error"), Share("wanted"));
        fields.End();
        return start;
    }

    private static JsonNode WriteEpoch(EpochRecord epoch)
    {
        var fields = new JsonObject { ["epoch"] = epoch.Epoch, ["trainLoss"] = epoch.TrainLoss };
        foreach (var (name, value) in new[] { ("trainError", epoch.TrainError), ("testLoss", epoch.TestLoss), ("testError", epoch.TestError) })
        {
            if (value is { } number && !double.IsNaN(number))
            {
                fields[name] = number;
            }
        }

        return fields;
    }

    private static EpochRecord ReadEpoch(JsonElement element)
    {
        var fields = new JsonFields(element, $"{Key}, an epoch,");
        double? Optional(string name) => fields.Has(name) ? fields.TakeReal(name) : null;
        var epoch = new EpochRecord(
            fields.TakeWhole("epoch", 1), fields.TakeReal("trainLoss"), Optional("trainError") ?? double.NaN, Optional("testLoss"),
            Optional("testError"));
        fields.End();
        return epoch;
    }
}
