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
            var x = ReadArray(archive, path, file.Length, "x" + suffix);
            var y = ReadArray(archive, path, file.Length, "y" + suffix);
            return Assemble(name, path, "x" + suffix, x, "y" + suffix, y);
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

    private static NpyArray ReadArray(ZipArchive archive, string path, long fileLength, string key)
    {
        var entry = archive.GetEntry(key + ".npy");
        if (entry is null)
        {
            string found = string.Join(", ", archive.Entries.Take(5).Select(other => InputFile.Printable(other.FullName)));
            throw new QuotientException($"{path}: has no array '{key}', expected 'x' and 'y'; it holds {(found.Length > 0 ? found : "nothing")}");
        }

        string name = $"{path}: array '{key}'";
        using var stream = new Crc32Stream(entry.Open());
        // The archive may lie about lengths: what is set aside at first is bound by the bytes that are there.
        var array = Npy.Read(stream, name, Math.Min(entry.Length, 8 * Math.Min(entry.CompressedLength, fileLength)));
        QuotientException.ThrowIf(
            stream.Checksum != entry.Crc32,
            $"{name}: is damaged: it has the checksum {stream.Checksum:x8}, expected {entry.Crc32:x8} (CRC-32)");

        array.CheckFinite(name);
        return array;
    }

    private static Dataset Assemble(string name, string path, string xKey, NpyArray x, string yKey, NpyArray y)
    {
        var shape = x.Shape;
        QuotientException.ThrowIf(
            shape.Count is < 2 or > 4 || x.Count == 0,
            $"{path}: '{xKey}' has the shape {x.ShapeText}, expected (N, d), (N, H, W) or (N, C, H, W), none of them 0");

        bool fits = y.Shape.Count == 1 || (y.IsReal && y.Shape.Count == 2);
        QuotientException.ThrowIf(
            !fits || y.Shape[0] != shape[0] || y.Count == 0,
            $"{path}: '{yKey}' has the shape {y.ShapeText} and type {y.Type}, expected {shape[0]} whole numbers (classes), or "
            + $"{shape[0]} real numbers or rows of them (targets), one for each sample of '{xKey}'");

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

        var (labels, classes) = Labels.From(y.ToDoubles(), i => $"{path}: '{yKey}' of sample {i}");
        return Dataset.Classification(name, sample, x.ToRows(), labels, classes);
    }
}
