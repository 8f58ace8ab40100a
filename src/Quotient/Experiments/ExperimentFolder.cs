using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quotient.Files;

namespace Quotient.Experiments;

/// <summary>The folder of an experiment: its options, and results that are kept from run to run.</summary>
internal static class ExperimentFolder
{
    private const string OptionsFile = "experiment.json";

    /// <summary>Makes a folder with options, or checks that one which is there has the same.</summary>
    /// <exception cref="QuotientException">It holds other files, or other options; or it cannot be made.</exception>
    public static void Open(string folder, OrderedDictionary<string, string> options)
    {
        string file = Path.Combine(folder, OptionsFile);
        try
        {
            if (File.Exists(file))
            {
                CheckSame(file, options);
                return;
            }

            QuotientException.ThrowIf(
                Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Any(name => !IsPassedOver(name!)),
                $"the folder '{folder}' holds other files than an experiment; choose a new or an empty one");
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException($"cannot use the folder '{folder}': {error.Message.TrimEnd('.')}", error);
        }

        WholeFile.WriteText(file, JsonSerializer.Serialize(options, StoredResults.Default.OrderedDictionaryStringString) + "\n");
    }

    /// <summary>What a file keeps of the same key; else what is computed, which it keeps then.</summary>
    public static T Keep<T>(string file, string key, JsonTypeInfo<Kept<T>> type, Func<T> compute)
    {
        if (Read(file, type) is { } kept && kept.Key == key && kept.Checksum == ChecksumOf(kept, type))
        {
            return kept.Result;
        }

        var found = new Kept<T>(key, compute(), "");
        found = found with { Checksum = ChecksumOf(found, type) };
        WholeFile.WriteText(file, JsonSerializer.Serialize(found, type) + "\n");
        return found.Result;
    }

    /// <summary>The hash of a result as it is written, so that one that was edited or damaged is computed again.</summary>
    private static string ChecksumOf<T>(Kept<T> kept, JsonTypeInfo<Kept<T>> type) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(kept with { Checksum = "" }, type)));

    /// <summary>Hidden files, and what a run leaves that ends while it begins.</summary>
    private static bool IsPassedOver(string name) => name.StartsWith('.') || name.StartsWith(OptionsFile, StringComparison.Ordinal);

    private static void CheckSame(string file, OrderedDictionary<string, string> options)
    {
        var kept = Read(file, StoredResults.Default.OrderedDictionaryStringString)
            ?? throw new QuotientException($"the file '{file}' does not hold the options of an experiment; choose another folder");
        foreach (var (name, value) in options)
        {
            QuotientException.ThrowIf(
                !kept.TryGetValue(name, out string? other) || other != value,
                $"the folder '{Path.GetDirectoryName(file)}' holds an experiment whose {name} is {(other is null ? "not said" : Text.Quote(other))}, but this run asks for {Text.Quote(value)}; go on with the same options, or choose another folder");
        }
    }

    /// <summary>What a file holds; null where it is not there, or is not what was written.</summary>
    private static T? Read<T>(string file, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), type) : null;
        }
        catch (Exception error) when (error is JsonException || WholeFile.IsOfFiles(error))
        {
            return null;
        }
    }
}
