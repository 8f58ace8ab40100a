using System.IO.Compression;
using Quotient.Networks;

namespace Quotient.Data.Formats;

/// <summary>
/// NumPy's archives of arrays. <c>x</c> is (N, d), (N, H, W) or (N, C, H, W); <c>y</c> is N whole numbers (classes), or N or (N, k)
/// real numbers (targets). A split, as in <c>file.npz:train</c>, asks for <c>x_train</c> and <c>y_train</c>.
/// </summary>
internal static class Npz
{
    public static Dataset Read(string path, string? split, string name)
    {
        string suffix = split is null ? "" : $"_{split}";
        using var file = InputFile.Open(path);
        return InputFile.Guard(path, () =>
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            CheckNames(archive, path);
            var x = ZippedArray.Find(archive, path, "x" + suffix);
            var y = ZippedArray.Find(archive, path, "y" + suffix);
            CheckFit(path, x, y);
            return Assemble(name, path, x.Read(), y.Read(), y.Key);
        });
    }

    /// <summary>Readers differ in which of two entries of one name they take, so such an archive means nothing certain.</summary>
    private static void CheckNames(ZipArchive archive, string path)
    {
        var names = new HashSet<string>();
        if (archive.Entries.FirstOrDefault(entry => !names.Add(entry.FullName)) is { } twice)
        {
            throw new QuotientException(
                $"{path}: holds more than one entry named '{InputFile.Printable(twice.FullName)}', expected one of each name");
        }
    }

    /// <summary>Whether two arrays are samples and what belongs to them, as their headers say.</summary>
    private static void CheckFit(string path, ZippedArray x, ZippedArray y)
    {
        QuotientException.ThrowIf(
            x.Header.Shape.Length is < 2 or > 4 || x.Header.Count == 0,
            $"{path}: '{x.Key}' has the shape {x.ShapeText}, expected (N, d), (N, H, W) or (N, C, H, W), none of them 0");

        int samples = x.Header.Shape[0], dimensions = y.Header.Shape.Length;
        bool fits = dimensions == 1 || (y.Header.IsReal && dimensions == 2);
        QuotientException.ThrowIf(
            !fits || y.Header.Shape[0] != samples || y.Header.Count == 0,
            $"{path}: '{y.Key}' has the shape {y.ShapeText} and type {y.Header.Type}, expected {samples} whole numbers (classes), or "
            + $"{samples} real numbers or rows of them (targets), one for each sample of '{x.Key}'");
    }

    private static Dataset Assemble(string name, string path, NpyArray x, NpyArray y, string yKey)
    {
        var shape = x.Shape;
        var sample = shape.Count switch
        {
            2 => new Shape(shape[1]),
            3 => new Shape(1, shape[1], shape[2]),
            _ => new Shape(shape[1], shape[2], shape[3]),
        };
        if (y.IsReal)
        {
            return Dataset.Regression(name, sample, x.ToRows(), y.ToRows());
        }

        var (labels, classes) = Labels.From(y.Count, i => y[i], i => $"{path}: '{yKey}' of sample {i}");
        return Dataset.Classification(name, sample, x.ToRows(), labels, classes);
    }
}

/// <summary>An array in an archive, whose header is known and whose numbers are not read yet.</summary>
internal sealed record ZippedArray(ZipArchiveEntry Entry, string Key, string Name, NpyHeader Header)
{
    /// <summary>The dimensions, as Python writes them.</summary>
    public string ShapeText => NpyArray.Tuple(Header.Shape);

    /// <summary>Reads the header of the array of a name.</summary>
    public static ZippedArray Find(ZipArchive archive, string path, string key)
    {
        if (archive.GetEntry(key + ".npy") is not { } entry)
        {
            string found = string.Join(", ", archive.Entries.Take(5).Select(other => InputFile.Printable(other.FullName)));
            throw new QuotientException($"{path}: has no array '{key}', expected 'x' and 'y'; it holds {(found.Length > 0 ? found : "nothing")}");
        }

        string name = $"{path}: array '{key}'";
        using var stream = entry.Open();
        var header = NpyHeader.Read(stream, name, entry.Length);

        // The archive may lie about lengths, and memory is taken by what it says.
        QuotientException.ThrowIf(
            entry.Length / Values.MostInflation > entry.CompressedLength,
            $"{name}: is damaged: the archive says that {entry.CompressedLength} bytes hold {entry.Length}, more than any can");

        return new(entry, key, name, header);
    }

    /// <summary>Reads the numbers.</summary>
    public NpyArray Read()
    {
        using var stream = new Crc32Stream(Entry.Open());
        var array = Npy.Read(stream, Name, Entry.Length);
        QuotientException.ThrowIf(
            stream.Checksum != Entry.Crc32,
            $"{Name}: is damaged: it has the checksum {stream.Checksum:x8}, expected {Entry.Crc32:x8} (CRC-32)");

        array.CheckFinite(Name);
        return array;
    }
}
