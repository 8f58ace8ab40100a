using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Data.Formats;

namespace Quotient.Tests.Data;

/// <summary>Real small files, damaged: each is refused with one sentence or is a valid data set, and costs little memory.</summary>
public class MutatedDataFiles
{
    /// <summary>The files are of a few kilobytes; what is set aside for them must be of that order, whatever they claim.</summary>
    private const long MostMemory = 8 << 20;

    private static readonly byte[] Images =
        [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 4, 0, 0, 0, 4, .. Enumerable.Range(0, 320).Select(i => (byte)(i * 7))];

    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 20, .. Enumerable.Range(0, 20).Select(i => (byte)(i % 10))];

    private static readonly string[] Tokens =
    [
        "-1", "0", "1", "255", "4294967296", "1000000000000", "9223372036854775807", "99999999999999999999", "1e999", "nan", "inf",
        "'<f2'", "'>i8'", "'|u1'", "'|O'", "(", ")", "{", "}", "'", ",", ":", "True", "None", "\n", "\0", "",
    ];

    [Test]
    public void Images_and_labels([Values] bool zipped) => Check(
        zipped ? IdxTests.Zip(Images) : Images,
        (_, bytes) => Idx.ReadPair("set", "images", bytes, "labels", Labels));

    [Test]
    public void Labels_of_images() => Check(Labels, (_, bytes) => Idx.ReadPair("set", "images", Images, "labels", bytes));

    [Test]
    public void Records_of_colour_images() => Check(
        [.. Enumerable.Range(0, 3 * 3073).Select(i => (byte)(i % 3073 == 0 ? i / 3073 : i))],
        (_, bytes) => Cifar.Read("set", [("batch", bytes)]));

    [Test]
    public void Tables() => Check(
        Encoding.ASCII.GetBytes("a,b,c\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i}.5,-{i}e3,{i % 3}\n"))),
        (folder, bytes) => Dataset.Open(folder.Write("table.csv", bytes)));

    [TestCase("images.npz")]
    [TestCase("targets.npz")]
    public void Archives(string name) => Check(
        File.ReadAllBytes(Golden.At(name)), (folder, bytes) => Dataset.Open(folder.Write("data.npz", bytes)));

    [TestCase("vector.npy")]
    [TestCase("version2.npy")]
    public void Vectors(string name) => Check(File.ReadAllBytes(Golden.At(name)), (folder, bytes) =>
    {
        double[] vector = Npy.ReadVector(folder.Write("v.npy", bytes));
        Assert.That(vector, Is.All.Matches<double>(double.IsFinite));
        return null;
    });

    /// <summary>Damages the file in a thousand ways, most of which must be noticed and some of which may not be.</summary>
    private static void Check(byte[] file, Func<ScratchFolder, byte[], Dataset?> read)
    {
        using var folder = new ScratchFolder();
        int refused = 0, valid = 0;
        var number = Gen.Choose(0, int.MaxValue - 1);
        var damage = Gen.Zip(
            Gen.Choose(0, 8), Gen.Zip(number, number, (place, value) => (place, value)), (kind, at) => (kind, at.place, at.value));
        Prop.ForAll(damage.ArrayOf(2).ToArbitrary(), damages =>
        {
            byte[] bytes = damages.Aggregate(file, (before, one) => Damage(before, one.kind, one.place, one.value));
            long memory = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                AssertValid(read(folder, bytes));
                valid++;
            }
            catch (QuotientException error)
            {
                Refused.AssertSentence(error.Message);
                refused++;
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - memory, Is.LessThan(MostMemory));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261122, 4711));
        Assert.That(refused, Is.GreaterThan(100));
        Assert.That(valid, Is.GreaterThan(50));
    }

    private static void AssertValid(Dataset? data)
    {
        if (data is null)
        {
            return;
        }

        double[] inputs = new double[data.Count * data.Sample.Size];
        double[] targets = new double[data.Count * Math.Min(data.TargetWidth, 100)];
        data.CopyInputs<double>(0, data.Count, inputs);
        if (data.TargetWidth <= 100)
        {
            data.CopyTargets<double>(0, data.Count, targets);
        }

        Assert.That(inputs.All(double.IsFinite) && targets.All(double.IsFinite));
        Assert.That(data.Count, Is.GreaterThan(0));
    }

    private static byte[] Damage(byte[] file, int kind, int place, int value)
    {
        if (file.Length < 8)
        {
            return file;
        }

        byte[] bytes = [.. file];
        int at = place % bytes.Length;
        switch (kind)
        {
            case 0:
                bytes[at] ^= (byte)(1 << (value % 8));
                return bytes;
            case 1:
                bytes[at % Math.Min(bytes.Length, 160)] = (byte)value;
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes, .. new byte[1 + (value % 9)]];
            case 4:
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at % (bytes.Length - 4)), value % 2 == 0 ? -value : value);
                return bytes;
            case 5:
                return [.. bytes[..at], .. Encoding.ASCII.GetBytes(Tokens[value % Tokens.Length]), .. bytes[at..]];
            case 6:
                int length = Math.Min(1 + (value % 8), bytes.Length - at);
                return [.. bytes[..at], .. Encoding.ASCII.GetBytes(Tokens[value % Tokens.Length]), .. bytes[(at + length)..]];
            default:
                return bytes;
        }
    }
}
