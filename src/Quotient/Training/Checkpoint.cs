using System.Security.Cryptography;
using Quotient.Files;
using Quotient.Networks;

namespace Quotient.Training;

/// <summary>
/// The state of training at the end of an epoch: a safetensors file with θ and what is not trained under their layers' names, the optimiser's vectors as
/// <c>optimiser.&lt;name&gt;</c>, and the rest as metadata. One of these is a checksum: the SHA-256 of the file as it would be without it.
/// </summary>
/// <param name="Network">The architecture.</param>
/// <param name="Log">How it is trained, and the epochs so far.</param>
/// <param name="Data">The fingerprint of the training set.</param>
/// <param name="Test">The fingerprint of the test set; empty where there is none.</param>
/// <param name="Epoch">The number of finished epochs.</param>
/// <param name="State">The names and lengths of the optimiser's vectors.</param>
/// <param name="Values">θ, what is not trained, then the optimiser's vectors, one after the other.</param>
internal sealed record Checkpoint(
    Network Network, TrainingLog Log, string Data, string Test, int Epoch, IReadOnlyList<(string Name, long Length)> State, double[] Values)
{
    private const string EpochKey = "quotient.checkpoint.epoch", DataKey = "quotient.checkpoint.data";
    private const string TestKey = "quotient.checkpoint.test", ChecksumKey = "quotient.checkpoint.sha256";
    private const string StatePrefix = "optimiser.";

    public void Write(string path)
    {
        var metadata = new Dictionary<string, string>
        {
            [Architecture.Key] = Architecture.Write(Network),
            [TrainingLog.Key] = Log.Write(),
            [EpochKey] = Epoch.ToString(CultureInfo.InvariantCulture),
            [DataKey] = Data,
            [TestKey] = Test,
        };
        var type = Log.Precision == Precision.Double ? TensorType.F64 : TensorType.F32;
        void WriteTo(Stream stream) => Safetensors.Write(
            stream, metadata, Tensors(Network, State).Select(tensor => (tensor.Name, type, tensor.Dimensions)), Values);

        try
        {
            metadata[ChecksumKey] = Sha256(WriteTo);
            WholeFile.Write(path, WriteTo);
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"cannot write the checkpoint '{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads a file; throws where it is of another training than <paramref name="wanted"/>.</summary>
    public static Checkpoint Read(string path, Checkpoint wanted)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var file = new Safetensors(stream);
            string epoch = Metadata(file, EpochKey);
            RequireChecksum(file, stream);
            return Read(file, ReadEpoch(epoch), wanted);
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"checkpoint '{path}': {error.Message}", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuotientException($"there is no checkpoint '{path}' to resume from", error);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException($"cannot read the checkpoint '{path}': {error.Message}", error);
        }
    }

    private static Checkpoint Read(Safetensors file, int epoch, Checkpoint wanted)
    {
        QuotientException.ThrowIf(
            Metadata(file, Architecture.Key) != Architecture.Write(wanted.Network),
            $"it is of another architecture than the network {wanted.Network}");

        var log = TrainingLog.Read(Metadata(file, TrainingLog.Key));
        log.CheckUntil(epoch);
        if (log.DifferenceFrom(wanted.Log) is { } difference)
        {
            throw new QuotientException($"{difference}; resume with the options that it was made with");
        }

        QuotientException.ThrowIf(
            Metadata(file, DataKey) != wanted.Data,
            $"it is of other training data than this {wanted.Log.Data}; it was made with {log.Data}");
        CheckTest(Metadata(file, TestKey), wanted.Test);
        return wanted with
        {
            Log = wanted.Log with { Epochs = log.Epochs, Start = log.Start },
            Epoch = epoch,
            Values = ReadValues(file, wanted),
        };
    }

    private static int ReadEpoch(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && epoch > 0
            ? epoch
            : throw new QuotientException($"its {EpochKey} is {Text.Quote(text)} where a number of at least 1 is wanted");

    private static void CheckTest(string test, string wanted)
    {
        string? made = test == wanted ? null : test == "" ? "without test data" : wanted == "" ? "with test data" : "with other test data";
        QuotientException.ThrowIf(made is not null, $"it was made {made}; resume with the data that it was made with");
    }

    /// <summary>Refuses a file that is not as it was written, before anything in it is believed; the stream is where the tensors begin.</summary>
    private static void RequireChecksum(Safetensors file, Stream stream)
    {
        QuotientException.ThrowIf(
            !file.Metadata.TryGetValue(ChecksumKey, out string? sum), $"it has no checksum, as those of earlier versions; train anew");
        var metadata = file.Metadata.Where(pair => pair.Key != ChecksumKey).ToDictionary();
        string seen = Sha256(output =>
        {
            output.Write(new SafetensorsHeader(metadata, file.Tensors).ToBytes());
            stream.CopyTo(output);
        });
        QuotientException.ThrowIf(
            seen != sum, $"it is damaged or was edited: its checksum is {Text.Quote(sum)}, but what it holds has {seen}");
    }

    /// <summary>The hash of what is written, as hexadecimal digits.</summary>
    private static string Sha256(Action<Stream> write)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            write(stream);
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }

    private static string Metadata(Safetensors file, string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new QuotientException($"it is no checkpoint of training: it has no metadata '{key}'");

    private static double[] ReadValues(Safetensors file, Checkpoint wanted)
    {
        var expected = Tensors(wanted.Network, wanted.State);
        bool matches = file.Tensors.Count == expected.Count && file.Tensors.Zip(expected).All(
            pair => pair.First.Name == pair.Second.Name && pair.First.Dimensions.SequenceEqual(pair.Second.Dimensions));
        QuotientException.ThrowIf(!matches, $"its tensors are not those of the network and the optimiser");

        double[] values = new double[file.Tensors.Sum(tensor => tensor.Size)];
        int at = 0;
        foreach (var tensor in file.Tensors)
        {
            file.Read(tensor, values.AsSpan(at, (int)tensor.Size));
            at += (int)tensor.Size;
        }

        return values;
    }

    private static List<(string Name, IReadOnlyList<long> Dimensions)> Tensors(Network network, IReadOnlyList<(string Name, long Length)> state) =>
    [
        .. network.Tensors.Concat(network.Buffers).Select(tensor => (tensor.Name, (IReadOnlyList<long>)[.. tensor.Shape.Dimensions.Select(d => (long)d)])),
        .. state.Select(part => (StatePrefix + part.Name, (IReadOnlyList<long>)[part.Length])),
    ];
}
