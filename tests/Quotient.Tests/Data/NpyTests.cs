using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Data;

public class NpyTests
{
    private const string Good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";

    [Test]
    public void Every_type_byte_order_and_layout_of_numpy_is_read()
    {
        using var archive = ZipFile.OpenRead(Golden.At("types.npz"));
        foreach (var entry in archive.Entries.Where(entry => !entry.FullName.StartsWith('b')))
        {
            using var stream = entry.Open();
            var array = Npy.Read(stream, entry.FullName, entry.Length);
            string type = entry.FullName[..2];
            var expected = Enumerable.Range(0, 24).Select(i => (i - (type[0] == 'u' ? 0 : 12)) * (type[0] == 'f' ? 0.25 : 1));
            Assert.That(array.ToDoubles(), Is.EqualTo(expected), entry.FullName);
            Assert.That(array.Shape, Is.EqualTo(new[] { 2, 3, 4 }), entry.FullName);
            Assert.That(array.Type, Is.EqualTo(type));
        }

        Assert.That(archive.Entries, Has.Count.EqualTo(45));
    }

    [Test]
    public void Truth_values_are_zeros_and_ones()
    {
        using var archive = ZipFile.OpenRead(Golden.At("types.npz"));
        using var stream = archive.GetEntry("b1_little_rows.npy")!.Open();
        Assert.That(Npy.Read(stream, "b1", 132).ToDoubles(), Is.EqualTo(new[] { 1, 0, 1, 1 }));
    }

    [TestCase("vector.npy", Precision.Double, new[] { 1.5, -2.25, 1e-300, 4 })]
    [TestCase("version2.npy", Precision.Single, new[] { 1.5, -2.25 })]
    [TestCase("version3.npy", Precision.Double, new[] { 3.0, 4, 5 })]
    public void Vectors_of_all_versions_are_read(string name, Precision precision, double[] expected)
    {
        Assert.That(Npy.ReadVector(Golden.At(name), out var stored), Is.EqualTo(expected));
        Assert.That(stored, Is.EqualTo(precision));
    }

    [Test]
    public void A_vector_is_written_as_numpy_writes_it()
    {
        using var folder = new ScratchFolder();
        Npy.WriteVector(folder.At("v.npy"), [1.5, -2.25, 1e-300, 4], Precision.Double);
        Assert.That(File.ReadAllBytes(folder.At("v.npy")), Is.EqualTo(File.ReadAllBytes(Golden.At("vector.npy"))));
    }

    [TestCase(Precision.Single)]
    [TestCase(Precision.Double)]
    public void What_was_written_is_read_again(Precision precision)
    {
        using var folder = new ScratchFolder();
        double[] values = [.. Enumerable.Range(0, 20_000).Select(i => 1.0 / (i + 1))];
        Npy.Write(folder.At("m.npy"), values, [100, 200], precision);
        var array = Npy.Read(folder.At("m.npy"));
        Assert.That(array.Shape, Is.EqualTo(new[] { 100, 200 }));
        Assert.That(array.ToDoubles(), Is.EqualTo(values.Select(value => precision == Precision.Double ? value : (float)value)));
        Assert.That(folder.Files, Is.EqualTo(new[] { "m.npy" }));
    }

    [Test]
    public void An_empty_vector_and_a_single_number_have_their_shapes()
    {
        using var folder = new ScratchFolder();
        Npy.WriteVector(folder.At("none.npy"), [], Precision.Single);
        Npy.Write(folder.At("one.npy"), [5], [], Precision.Single);
        Assert.That(Npy.ReadVector(folder.At("none.npy")), Is.Empty);
        Assert.That(Npy.Read(folder.At("one.npy")).Shape, Is.Empty);
        Refused.With(() => Npy.ReadVector(folder.At("one.npy")), "one.npy", "the shape ()");
    }

    [Test]
    public void Where_nothing_can_be_written_nothing_is_left()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.At("taken"));
        Refused.With(() => Npy.WriteVector(folder.At("taken"), [1], Precision.Single), "taken", "cannot be written");
        Refused.With(() => Npy.WriteVector(folder.At("no", "v.npy"), [1], Precision.Single), "v.npy", "cannot be written");
        Refused.With(() => Npy.Write(folder.At("v.npy"), [1], [2, 3], Precision.Single), "v.npy", "(2, 3)");
        Assert.That(folder.Files, Is.Empty);
    }

    [TestCase("", "has no 'descr'", Description = "no fields")]
    [TestCase("'descr': '<f8', 'fortran_order': False", "has no 'shape'")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1", "has 4 fields")]
    [TestCase("'descr': '<f8', 'descr': '<f8'", "'descr' twice")]
    [TestCase("'descr': '<c8', 'fortran_order': False, 'shape': (2,)", "type '<c8'")]
    [TestCase("'descr': '|O', 'fortran_order': False, 'shape': (2,)", "type '|O'")]
    [TestCase("'descr': '|f8', 'fortran_order': False, 'shape': (2,)", "type '|f8'")]
    [TestCase("'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)", "type [('a', '<f8')]")]
    [TestCase("'descr': '<f8', 'fortran_order': 0, 'shape': (2,)", "fortran_order is 0")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (-2,)", "shape (-2,)")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': 2", "shape 2")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (2.0,)", "shape (2.0,)")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)", "shape (1000000000000,)")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)", "product")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)", "shape (99999999999999999999,)")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (3,)", "ends after 2 of 3 values")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (1,)", "too long")]
    [TestCase("'descr': '<f8', 'fortran_order': False, 'shape': (2,", "closing bracket")]
    [TestCase("'descr': '<f8 ", "closing bracket or quote")]
    [TestCase("'descr' '<f8'", "expected ':'")]
    [TestCase("'descr': ,", "expected a value")]
    public void A_header_that_is_not_as_it_must_be_is_refused(string fields, string reason) =>
        Refused.With(() => Read(Npy2($"{{{fields}}}")), "v.npy:", reason);

    [Test]
    public void A_shape_of_too_many_dimensions_is_refused() => Refused.With(
        () => Read(Npy2($"{{'descr': '<f8', 'fortran_order': False, 'shape': (0{string.Concat(Enumerable.Repeat(", 9", 64))})}}")),
        "65 dimensions, expected at most 64");

    [Test]
    public void A_damaged_start_is_refused()
    {
        byte[] good = Npy2(Good);
        Assert.That(Read(good).ToDoubles(), Is.EqualTo(new[] { 1.0, 2 }));
        Refused.With(() => Read([]), "v.npy: is truncated");
        Refused.With(() => Read([.. good[..40]]), "v.npy: is truncated: it ends within its NPY header");
        Refused.With(() => Read([0, .. good[1..]]), "is not an NPY array: it begins with 0x004e554d5059");
        Refused.With(() => Read([.. good[..6], 9, .. good[7..]]), "version 9.0");
        Refused.With(() => Read([.. good[..6], 2, 0, 255, 255, 255, 255, .. good[10..]]), "header of 4294967295 bytes");
    }

    [Test]
    public void A_vector_of_other_shape_or_with_holes_is_refused()
    {
        using var folder = new ScratchFolder();
        Npy.Write(folder.At("v.npy"), [1, 2, 3, 4], [2, 2], Precision.Double);
        Refused.With(() => Npy.ReadVector(folder.At("v.npy")), "v.npy", "the shape (2, 2)", "vector");
        Npy.WriteVector(folder.At("v.npy"), [1, 2, double.NaN], Precision.Double);
        Refused.With(() => Npy.ReadVector(folder.At("v.npy")), "v.npy", "[2] is NaN");
        Refused.With(() => Npy.ReadVector(folder.At("w.npy")), "w.npy' does not exist");
        Refused.With(() => Npy.ReadVector(folder.Path), "is a folder");
    }

    private static NpyArray Read(byte[] file) => Npy.Read(new MemoryStream(file), "v.npy", file.Length);

    /// <summary>Version 1, the header, and the two numbers 1 and 2.</summary>
    private static byte[] Npy2(string header) =>
    [
        .. NpyHeader.Magic, 1, 0, (byte)(header.Length + 1), 0, .. Encoding.ASCII.GetBytes(header + "\n"),
        .. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(2.0),
    ];
}
