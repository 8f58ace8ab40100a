using System.IO.Compression;
using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Data;

public class NpzTests
{
    [Test]
    public void Whole_numbers_are_classes_and_four_dimensions_images()
    {
        var data = Dataset.Open(Golden.At("images.npz"));
        double[] inputs = new double[72];
        data.CopyInputs<double>(0, 6, inputs);
        Assert.That(inputs, Is.EqualTo(Enumerable.Range(0, 72).Select(i => i / 8.0)));
        Assert.That(data.Labels.ToArray(), Is.EqualTo(new[] { 0, 2, 1, 2, 0, 3 }));
        Assert.That((data.Sample.ToString(), data.Classes), Is.EqualTo(("2×3×2", 4)));
    }

    [Test]
    public void Real_numbers_are_targets()
    {
        var data = Dataset.Open(Golden.At("targets.npz") + "[1:3]");
        double[] targets = new double[4];
        data.CopyTargets<double>(0, 2, targets);
        Assert.That(targets, Is.EqualTo(new[] { 2.0, 3, 4, 5 }));
        Assert.That((data.Count, data.Sample.Size, data.TargetWidth, data.Classes), Is.EqualTo((2, 3, 2, 0)));
    }

    [Test]
    public void A_split_asks_for_arrays_of_its_name()
    {
        string path = Golden.At("targets.npz");
        Assert.That(Dataset.Open(path + ":train").Labels.ToArray(), Is.EqualTo(new[] { 0, 1, 1, 0 }));
        Refused.With(() => Dataset.Open(path + ":test"), "targets.npz", "'x_test'", "x_train.npy");
    }

    [Test]
    public void Three_dimensions_are_images_of_one_channel() =>
        Assert.That(Open(([2, 3, 4], new double[24]), ([2], [0.5, 1])).Sample.ToString(), Is.EqualTo("1×3×4"));

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Refused.With(() => Open(([2], [1, 2]), ([2], [1, 2])), "'x' has the shape (2,)");
        Refused.With(() => Open(([0, 2], []), ([0], [])), "'x' has the shape (0, 2)");
        Refused.With(() => Open(([1, 1, 1, 1, 1], [1]), ([1], [1])), "'x' has the shape (1, 1, 1, 1, 1)");
        Refused.With(() => Open(([2, 1], [1, 2]), ([3], [1, 2, 3])), "'y' has the shape (3,)", "2 whole numbers");
        Refused.With(() => Open(([2, 1], [1, 2]), ([2, 1, 1], [1, 2])), "'y' has the shape (2, 1, 1)");
        Refused.With(() => Open(([2, 1], [1, 2]), ([], [1])), "'y' has the shape ()");
    }

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    public void Values_that_are_not_finite_are_refused_with_their_place(double value, string word)
    {
        Refused.With(() => Open(([2, 2], [1, 2, value, 4]), ([2], [1, 2])), "array 'x'", "[1, 0]", word);
        Refused.With(() => Open(([2, 1], [1, 2]), ([2], [1, value])), "array 'y'", "[1]", word);
    }

    [Test]
    public void What_is_no_archive_or_lacks_an_array_is_refused()
    {
        using var folder = new ScratchFolder();
        Refused.With(() => Dataset.Open(folder.Write("text.npz", "not a zip"u8.ToArray())), "text.npz");
        Refused.With(() => Dataset.Open(folder.Write("empty.npz", [])), "empty.npz");
        byte[] whole = File.ReadAllBytes(Golden.At("images.npz"));
        Refused.With(() => Dataset.Open(folder.Write("half.npz", whole[..(whole.Length / 2)])), "half.npz");
        using (var file = File.Create(folder.At("other.npz")))
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create))
        {
            archive.CreateEntry("z.npy");
        }

        Refused.With(() => Dataset.Open(folder.At("other.npz")), "no array 'x'", "z.npy");
    }

    [TestCase("x")]
    [TestCase("y")]
    [TestCase("notes")]
    public void Two_arrays_of_one_name_are_refused(string twice)
    {
        using var folder = new ScratchFolder();
        Npy.Write(folder.At("a.npy"), [1, 2], [2, 1], Precision.Double);
        using (var archive = ZipFile.Open(folder.At("data.npz"), ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "x", "y", "notes", twice })
            {
                archive.CreateEntryFromFile(folder.At("a.npy"), $"{name}.npy");
            }
        }

        Refused.With(() => Dataset.Open(folder.At("data.npz")), "data.npz", $"more than one entry named '{twice}.npy'");
    }

    [Test]
    public void An_archive_whose_numbers_were_changed_is_refused()
    {
        using var folder = new ScratchFolder();
        byte[] bytes = File.ReadAllBytes(Golden.At("images.npz"));
        int value = bytes.AsSpan().IndexOf(BitConverter.GetBytes(71f / 8));
        bytes[value] ^= 1;
        Refused.With(() => Dataset.Open(folder.Write("changed.npz", bytes)), "changed.npz", "'x'", "CRC-32");
    }

    private static Dataset Open((int[] Shape, double[] Values) x, (int[] Shape, double[] Values) y)
    {
        using var folder = new ScratchFolder();
        Npy.Write(folder.At("x.npy"), x.Values, x.Shape, Precision.Double);
        Npy.Write(folder.At("y.npy"), y.Values, y.Shape, Precision.Double);
        using (var archive = ZipFile.Open(folder.At("data.npz"), ZipArchiveMode.Create))
        {
            archive.CreateEntryFromFile(folder.At("x.npy"), "x.npy");
            archive.CreateEntryFromFile(folder.At("y.npy"), "y.npy");
        }

        return Dataset.Open(folder.At("data.npz"));
    }
}
