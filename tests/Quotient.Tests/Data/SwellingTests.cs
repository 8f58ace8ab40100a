using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Data.Formats;
using Quotient.Fuzz.Targets;
using Quotient.Tests.Cli;

namespace Quotient.Tests.Data;

/// <summary>What a file costs in memory: nothing where its headers show that it does not fit, else the size of its numbers, once.</summary>
public class SwellingTests
{
    private const int Little = 4 << 20, Rows = 1000, Width = 16_000;

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Arrays_that_do_not_fit_together_are_not_read()
    {
        string path = Zip(("x.npy", Header("<f4", $"({Rows}, {Width})"), 4L * Rows * Width), ("y.npy", Header("<f4", "(7000000,)"), 28_000_000));
        Assert.That(new FileInfo(path).Length, Is.LessThan(200_000));
        long taken = Taken(() => Refused.With(() => Dataset.Open(path), "'y' has the shape (7000000,)", $"{Rows} real numbers"));
        Assert.That(taken, Is.LessThan(Little));
    }

    [TestCase("<f4", false, 4)]
    [TestCase("<f4", true, 4)]
    [TestCase(">f8", false, 8)]
    [TestCase("|u1", false, 1)]
    [TestCase("<i2", false, 4)]
    public void Arrays_that_fit_take_their_own_size(string type, bool columnMajor, int bytes)
    {
        string path = Zip(
            ("x.npy", Header(type, $"({Rows}, {Width})", columnMajor), (long)(type[2] - '0') * Rows * Width),
            ("y.npy", Header("|u1", $"({Rows},)"), Rows));
        Dataset data = null!;
        long taken = Taken(() => data = Dataset.Open(path));
        Assert.That((data.Count, data.Sample.Size), Is.EqualTo((Rows, Width)));
        Assert.That(taken, Is.LessThan(((long)bytes * Rows * Width) + Little));
    }

    [Test]
    public void A_directory_that_promises_more_than_bytes_can_hold_is_not_believed()
    {
        string path = Zip(("x.npy", Header("<f4", $"({Rows}, {Width})"), 4000), ("y.npy", Header("|u1", $"({Rows},)"), Rows));
        SayLength(path, (4L * Rows * Width) + 128);
        long taken = Taken(() => Refused.With(() => Dataset.Open(path), "array 'x'", "damaged", "64000128"));
        Assert.That(taken, Is.LessThan(Little));
    }

    [TestCase(-4)]
    [TestCase(-4000)]
    [TestCase(4)]
    [TestCase(4000)]
    public void A_stream_of_another_length_than_promised_is_refused(int more)
    {
        const int Bytes = 4 * 1000 * 100;
        string path = Zip(("x.npy", Header("<f4", "(1000, 100)"), Bytes + more), ("y.npy", Header("|u1", "(1000,)"), 1000));
        SayLength(path, Bytes + 128);
        Refused.With(() => Dataset.Open(path), "array 'x'", more < 0 ? "is truncated" : "is ");
    }

    [Test]
    public void A_vector_of_another_length_is_not_read()
    {
        Model.Initialise(Network.Parse("2-3-3"), Initialisation.He, 1).Save(_folder.At("net.safetensors"));
        string path = Sparse("v.npy", Header("<f4", "(50000000,)"), 200_000_000);
        Outcome outcome = null!;
        const string Line = "product --model {}/net.safetensors --data spirals --vector {}/v.npy --out {}/p.npy";
        long taken = Taken(() => outcome = CommandLine.Run(Line, _folder.Path));
        outcome.IsOneClearSentence("v.npy", "50000000 values", "21 parameters");
        Assert.That(taken, Is.LessThan(Little));
        Assert.That(Npy.ReadShape(path), Is.EqualTo(new[] { 50_000_000 }));
    }

    [TestCase("(50000001,)", "is truncated: it ends after 50000000 of 50000001 values")]
    [TestCase("(49999999,)", "is too long")]
    [TestCase("(25000000, 2)", "the shape (25000000, 2)")]
    public void A_vector_whose_header_does_not_suit_is_not_read(string shape, string reason)
    {
        string path = Sparse("v.npy", Header("<f4", shape), 200_000_000);
        Assert.That(Taken(() => Refused.With(() => Npy.ReadVector(path), reason)), Is.LessThan(Little));
    }

    [Test]
    public void A_table_takes_the_size_of_its_numbers()
    {
        const int Lines = 200_000;
        _folder.Write("t.csv", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1.5,2,3,0\n", Lines))));
        Dataset data = null!;
        long taken = Taken(() => data = Dataset.Open(_folder.At("t.csv")));
        Assert.That(data.Count, Is.EqualTo(Lines));

        // Four numbers of 8 bytes, the line's number and the class.
        Assert.That(taken, Is.LessThan((40L * Lines) + (1 << 20)));
    }

    [Test]
    public void A_table_from_a_pipe_and_one_line_beyond_the_buffer_are_read()
    {
        string first = string.Join(',', Enumerable.Range(0, 50_000)), second = string.Join(',', Enumerable.Range(1, 50_000));
        byte[] text = Encoding.ASCII.GetBytes($"{first},1\r\n{second},0");
        using var zip = new GZipStream(new MemoryStream(IdxTests.Zip(text)), CompressionMode.Decompress);
        var table = Csv.Parse("pipe", zip);
        Assert.That((table.Rows, table.Columns), Is.EqualTo((2, 50_001)));
        Assert.That(table.Values, Is.EqualTo(Enumerable.Range(0, 50_000).Concat(Enumerable.Range(1, 50_000))));
        Assert.That(table.Last, Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public void What_memory_does_not_hold_is_refused_with_a_sentence()
    {
        Model.Initialise(Network.Parse("2-3-3"), Initialisation.He, 1).Save(_folder.At("net.safetensors"));
        string path = Zip(("x.npy", Header("<f4", "(4000, 16000)"), 256_000_000), ("y.npy", Header("|u1", "(4000,)"), 4000));
        var (code, output, error) = ChildProcess.Run(
            _folder.Path, ["evaluate", "--model", _folder.At("net.safetensors"), "--data", path, "--quiet"],
            ("DOTNET_GCHeapHardLimit", "0x8000000"));
        new Outcome(code, output, error).IsOneClearSentence("data.npz", "array 'x'", "256000000 bytes of memory");
    }

    private static long Taken(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A header of 128 bytes.</summary>
    private static byte[] Header(string type, string shape, bool columnMajor = false)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': {(columnMajor ? "True" : "False")}, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [.. NpyHeader.Magic, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)];
    }

    /// <summary>A file that is longer than what the disk holds of it.</summary>
    private string Sparse(string name, byte[] header, long zeros)
    {
        string path = _folder.Write(name, header);
        using var file = File.OpenWrite(path);
        file.SetLength(header.Length + zeros);
        return path;
    }

    /// <summary>An archive of arrays of zeros.</summary>
    private string Zip(params (string Name, byte[] Header, long Zeros)[] arrays)
    {
        byte[] zeros = new byte[1 << 16];
        using var archive = ZipFile.Open(_folder.At("data.npz"), ZipArchiveMode.Create);
        foreach (var (name, header, count) in arrays)
        {
            using var stream = archive.CreateEntry(name).Open();
            stream.Write(header);
            for (long left = count; left > 0; left -= zeros.Length)
            {
                stream.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
            }
        }

        return _folder.At("data.npz");
    }

    /// <summary>Makes the archive's directory say another length of its first entry.</summary>
    private static void SayLength(string path, long length)
    {
        const int LengthAt = 24;
        byte[] bytes = File.ReadAllBytes(path);
        int entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + LengthAt), (uint)length);
        File.WriteAllBytes(path, bytes);
    }
}
