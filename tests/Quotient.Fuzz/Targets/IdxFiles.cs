using System.IO.Compression;
using Quotient.Data.Formats;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>The images and labels of MNIST, plain and gzipped.</summary>
internal sealed class IdxFiles() : Target("idx")
{
    private static readonly byte[] Images =
        [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 4, 0, 0, 0, 4, .. Enumerable.Range(0, 320).Select(i => (byte)(i * 7))];

    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 20, .. Enumerable.Range(0, 20).Select(i => (byte)(i % 10))];
    private static readonly byte[][] Seeds = [Images, Labels, Zip(Images), Zip(Labels)];

    public override string FileName => "in-";

    public override byte[] Make(Dice dice)
    {
        byte[] file = dice.Pick(Seeds);
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = ByteMutations.Damage(file, dice, Seeds);
        }

        return dice.OneIn(4) ? Zip(file) : file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        Samples.Check(Read(), Read);
        return true;

        Dataset Read() => input is [0, 0, 8, 1, ..] || (input is [0x1f, 0x8b, ..] && input.Length < 60)
            ? Idx.ReadPair("set", "in-images", Images, "in-labels", input)
            : Idx.ReadPair("set", "in-images", input, "in-labels", Labels);
    }

    /// <summary>A deflated byte may stand for a thousand.</summary>
    public override long MostBytes(int length) => (8L << 20) + (1100L * 2 * length);

    private static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            zip.Write(bytes);
        }

        return memory.ToArray();
    }
}
