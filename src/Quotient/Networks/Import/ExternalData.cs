using Onnx;
using Quotient.Files;

namespace Quotient.Networks.Import;

/// <summary>
/// The bytes of a tensor in a file beside the model: <c>location</c>, <c>offset</c> and <c>length</c>, as the ONNX document on external data
/// says. The file must lie in the model's folder or below it, links followed, and hold all of the tensor.
/// </summary>
internal sealed class ExternalData
{
    private const int ChunkElements = 8192;

    private readonly string _what, _path;
    private readonly long _offset;

    /// <summary>Checks where the file lies and how long it is; reads nothing of it.</summary>
    public ExternalData(string key, TensorProto tensor, long bytes, string folder)
    {
        _what = $"tensor {Text.Quote(key)}";
        var entries = Entries(tensor);
        string location = entries.GetValueOrDefault("location", "");
        _path = Inside(folder, location);
        _offset = Number(entries, "offset", 0);
        long length = Number(entries, "length", bytes), there = LengthOf(_path);
        File = (_path, there);
        if (length != bytes)
        {
            throw Wrong($"takes {bytes} bytes, but its external data has the length {length}");
        }

        if (_offset > there - bytes)
        {
            throw Wrong($"takes {bytes} bytes from byte {_offset} of {Text.Quote(location)} on, which has {there}");
        }
    }

    /// <summary>The file and its length.</summary>
    public (string Path, long Length) File { get; }

    /// <summary>Reads the values, widened to double.</summary>
    public void Read(TensorType type, Span<double> values)
    {
        try
        {
            using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) { Position = _offset };
            byte[] chunk = new byte[ChunkElements * type.Width()];
            while (!values.IsEmpty)
            {
                var part = values[..Math.Min(ChunkElements, values.Length)];
                var bytes = chunk.AsSpan(0, part.Length * type.Width());
                stream.ReadExactly(bytes);
                type.Widen(bytes, part);
                values = values[part.Length..];
            }
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw Wrong($"cannot be read from {Text.Quote(Path.GetFileName(_path))}: {error.Message}", error);
        }
    }

    private Dictionary<string, string> Entries(TensorProto tensor)
    {
        var entries = new Dictionary<string, string>();
        foreach (var entry in tensor.ExternalData)
        {
            if (!entries.TryAdd(entry.Key, entry.Value))
            {
                throw Wrong($"has external data with the entry {Text.Quote(entry.Key)} twice");
            }
        }

        return entries;
    }

    /// <summary>The file's path, if it is below the folder by every name that it goes by.</summary>
    private string Inside(string folder, string location)
    {
        bool isName = location.Length > 0 && !location.Contains('\0') && !Path.IsPathRooted(location)
            && !location.Split('/', '\\').Contains("..");
        string path = "";
        try
        {
            path = isName ? RealPath.Of(Path.Combine(folder, location)) : "";
            string root = Path.TrimEndingDirectorySeparator(RealPath.Of(folder)) + Path.DirectorySeparatorChar;
            isName = isName && path.StartsWith(root.Replace("//", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw Wrong($"has its numbers in {Text.Quote(location)}, which cannot be opened", error);
        }

        return isName ? path : throw Wrong($"has its numbers in {Text.Quote(location)}, which is no file in the model's folder");
    }

    private long Number(Dictionary<string, string> entries, string name, long standard)
    {
        string text = entries.GetValueOrDefault(name, "");
        return text.Length == 0 ? standard
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw Wrong($"has external data with the {name} {Text.Quote(text)} where a whole number is wanted");
    }

    private long LengthOf(string path) => FileStatus.Of(path)?.Kind == FileKind.Ordinary
        ? new FileInfo(path).Length
        : throw Wrong($"has its numbers in {Text.Quote(Path.GetFileName(path))}, which is not there, or no ordinary file");

    private QuotientException Wrong(string sentence, Exception? inner = null) => new($"{_what} {sentence}", inner);
}
