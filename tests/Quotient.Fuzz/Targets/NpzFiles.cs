using System.Buffers.Binary;
using System.IO.Compression;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>Archives of arrays: damaged as they lie, packed again with damaged arrays, and with lies about sizes.</summary>
internal sealed class NpzFiles() : Target("npz")
{
    /// <summary>Bytes in the directory of an archive from an entry's signature to its checksum, and sizes.</summary>
    private const int ChecksumAt = 16, SignatureLength = 4;

    private static readonly byte[][] Arrays =
    [
        NpySeeds.Array("<f4", "(6, 3)", 72), NpySeeds.Array("<i8", "(6,)", 48), NpySeeds.Array("|u1", "(6,)", 6),
        NpySeeds.Array("<f8", "(6, 2)", 96), NpySeeds.Array("|u1", "(6, 2, 2)", 24),
        NpySeeds.Array("<f8", "(6, 1, 2, 2)", 192, columnMajor: true), NpySeeds.Array("<f4", "(300, 200)", 240_000),
        NpySeeds.Array("<f2", "(6,)", 12),
    ];

    private static readonly byte[][] Seeds =
    [
        Zip(("x.npy", Arrays[0]), ("y.npy", Arrays[1])), Zip(("x.npy", Arrays[4]), ("y.npy", Arrays[2])),
        Zip(("x.npy", Arrays[5]), ("y.npy", Arrays[3])),
        Zip(("x_train.npy", Arrays[0]), ("y_train.npy", Arrays[7]), ("x.npy", Arrays[3]), ("y.npy", Arrays[2])),
        Zip(("x.npy", Arrays[6]), ("y.npy", NpySeeds.Array("<f4", "(300,)", 1200))),
    ];

    public override string FileName => "in.npz";

    public override byte[] Make(Dice dice)
    {
        byte[] file = dice.Pick(Seeds);
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = dice.Below(3) switch
            {
                0 => ByteMutations.Damage(file, dice, Seeds),
                1 => Lie(file, dice),
                _ => Repack(file, dice),
            };
        }

        return file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        string words = Folder.Write(FileName, input) + dice.Pick(["", "", "", ":train", "[0:3]", "[2:]"]);
        var data = Dataset.Open(words);
        Samples.Check(data, () => Dataset.Open(words));
        return true;
    }

    /// <summary>A deflated byte may stand for a thousand.</summary>
    public override long MostBytes(int length) => (8L << 20) + (1100L * 8 * length);

    private static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                var level = bytes.Length % 3 == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
                using var stream = archive.CreateEntry(name.Length > 0 ? name : "?", level).Open();
                stream.Write(bytes);
            }
        }

        return memory.ToArray();
    }

    /// <summary>Another checksum, size or offset in the directory, where readers look first.</summary>
    private static byte[] Lie(byte[] file, Dice dice)
    {
        byte[] copy = [.. file];
        int entry = copy.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        if (dice.OneIn(2) && entry > 0)
        {
            int before = copy.AsSpan(0, entry).LastIndexOf("PK\u0001\u0002"u8);
            entry = before >= 0 ? before : entry;
        }

        int at = entry + ChecksumAt + (SignatureLength * dice.Below(3));
        if (entry >= 0 && at + SignatureLength <= copy.Length)
        {
            uint now = BinaryPrimitives.ReadUInt32LittleEndian(copy.AsSpan(at));
            BinaryPrimitives.WriteUInt32LittleEndian(
                copy.AsSpan(at), dice.Pick<uint>([now + 1, now - 1, now * 2, now * 1000, 0, uint.MaxValue, int.MaxValue, (uint)dice.Next()]));
        }

        return copy;
    }

    /// <summary>The same archive with one array damaged or lost, or one more; sizes and checksums are right.</summary>
    private static byte[] Repack(byte[] file, Dice dice)
    {
        if (Unzip(file) is not { Count: > 0 } entries)
        {
            return ByteMutations.Damage(file, dice, Seeds);
        }

        int one = dice.Below(entries.Count);
        switch (dice.Below(6))
        {
            case 0:
                entries.RemoveAt(one);
                break;
            case 1:
                entries.Add((dice.Pick(["x.npy", "y.npy", "z.npy", "\e[2J", " "]), dice.Pick(Arrays)));
                break;
            case 2:
                entries[one] = (entries[one].Name, dice.Pick(Arrays));
                break;
            default:
                entries[one] = (entries[one].Name, NpySeeds.Damaged(entries[one].Bytes, dice, Arrays));
                break;
        }

        return Zip([.. entries]);
    }

    private static List<(string Name, byte[] Bytes)>? Unzip(byte[] file)
    {
        const int Most = 1 << 20;
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file));
            var entries = new List<(string, byte[])>();
            foreach (var entry in archive.Entries.Take(10))
            {
                using var stream = entry.Open();
                byte[] bytes = new byte[Most];
                entries.Add((entry.FullName, bytes[..stream.ReadAtLeast(bytes, Most, throwOnEndOfStream: false)]));
            }

            return entries;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
