using System.IO.Compression;
using NUnit.Framework;
using Quotient.Data.Formats;

namespace Quotient.Tests.Data;

public class IdxTests
{
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255];
    private static readonly byte[] LabelFile = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    [Test]
    public void Images_and_labels_are_read_gzipped_or_plain([Values] bool zipped)
    {
        var data = Idx.ReadPair("set", "images", zipped ? Zip(Images) : Images, "labels", zipped ? Zip(LabelFile) : LabelFile);
        double[] pixels = new double[6];
        data.CopyInputs<double>(0, 2, pixels);
        Assert.That(pixels, Is.EqualTo(new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 }));
        Assert.That(data.Labels.ToArray(), Is.EqualTo(new[] { 7, 9 }));
        Assert.That(data.Sample.ToString(), Is.EqualTo("1×1×3"));
    }

    [TestCase(new byte[] { 0, 0, 8, 3, 0 }, "ends within its header of 16 bytes")]
    [TestCase(new byte[0], "ends within its header")]
    [TestCase(new byte[] { 0, 0, 9, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0 }, "0x00000903, expected 0x00000803")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0 }, "dimension 0 is 0")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 255, 255, 255, 255, 0 }, "dimension 2 is 4294967295")]
    [TestCase(new byte[] { 0, 0, 8, 3, 127, 0, 0, 0, 127, 0, 0, 0, 127, 0, 0, 0, 0 }, "more than are supported")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1 }, "ends after 2 of 6 values")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1 }, "too long")]
    public void What_does_not_fit_its_header_is_refused(byte[] file, string reason)
    {
        Refused.With(() => Idx.Read("images", file, 3), "images:", reason);
        if (file.Length > 0)
        {
            Refused.With(() => Idx.Read("images", Zip(file), 3), "images:", reason);
        }
    }

    [Test]
    public void A_damaged_gzip_is_refused()
    {
        byte[] file = Zip(Images);
        file[15] ^= 0xff;
        Refused.With(() => Idx.Read("images", file, 3), "images:");
    }

    [Test]
    public void Labels_must_be_as_many_as_images_and_below_ten()
    {
        Refused.With(() => Idx.ReadPair("s", "images", Images, "labels", [0, 0, 8, 1, 0, 0, 0, 1, 7]), "labels:", "1 labels", "2 images");
        Refused.With(() => Idx.ReadPair("s", "images", Images, "labels", [0, 0, 8, 1, 0, 0, 0, 2, 7, 10]), "sample 1 is 10");
    }

    [Test]
    public void A_header_that_lies_costs_no_memory([Values] bool zipped)
    {
        byte[] file = [0, 0, 8, 3, 0x7f, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3];
        file = zipped ? Zip(file) : file;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused.With(() => Idx.Read("images", file, 3), zipped ? "cannot hold the 2130706432 values" : "ends after 3 of 2130706432 values");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    internal static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            zip.Write(bytes);
        }

        return memory.ToArray();
    }
}
