using NUnit.Framework;
using Onnx;

namespace Quotient.Tests.Networks.Import;

/// <summary>Numbers in files beside the model: in its folder or below it, and all of them there.</summary>
public class ExternalDataTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Write_twelve_numbers()
    {
        _folder = new();
        byte[] numbers = [.. Enumerable.Range(0, 12).SelectMany(i => BitConverter.GetBytes((double)i))];
        _folder.Write("net/w.bin", numbers);
        _folder.Write("net/sub/w.bin", [0, 0, 0, 0, .. numbers, 9, 9]);
        _folder.Write("w.bin", numbers);
    }

    [TearDown]
    public void Clear() => _folder.Dispose();

    [TestCase("w.bin", null, null)]
    [TestCase("w.bin", "0", "96")]
    [TestCase("./w.bin", "0", null)]
    [TestCase("sub/w.bin", "4", "96")]
    public void Numbers_are_read_from_where_they_lie(string location, string? offset, string? length) =>
        Assert.That(Load(location, offset, length).Parameters, Is.EqualTo(Enumerable.Range(0, 12)));

    [TestCase("../w.bin", null, null, "no file in the model's folder")]
    [TestCase("sub/../../w.bin", null, null, "no file in the model's folder")]
    [TestCase("sub\\..\\..\\w.bin", null, null, "no file in the model's folder")]
    [TestCase("{}/w.bin", null, null, "no file in the model's folder")]
    [TestCase("/dev/zero", null, null, "no file in the model's folder")]
    [TestCase("", null, null, "no file in the model's folder")]
    [TestCase("w\0.bin", null, null, "no file in the model's folder")]
    [TestCase(".", null, null, "no file in the model's folder")]
    [TestCase("sub", null, null, "no ordinary file")]
    [TestCase("none.bin", null, null, "not there")]
    [TestCase("w.bin", "1", null, "from byte 1 of 'w.bin' on, which has 96")]
    [TestCase("w.bin", "9223372036854775807", null, "which has 96")]
    [TestCase("w.bin", "99999999999999999999", null, "offset '99999999999999999999'")]
    [TestCase("w.bin", "-8", null, "offset '-8'")]
    [TestCase("w.bin", "0", "95", "length 95")]
    [TestCase("w.bin", "0", "1e2", "length '1e2'")]
    public void What_is_outside_or_not_there_is_refused(string location, string? offset, string? length, string words) => Assert.That(
        () => Load(location.Replace("{}", _folder.Path), offset, length), Refusal.With(_folder.At("net", "net.onnx"), "'w'", words));

    [Test]
    public void A_link_out_of_the_folder_is_refused_and_one_within_is_followed()
    {
        File.CreateSymbolicLink(_folder.At("net", "out.bin"), _folder.At("w.bin"));
        File.CreateSymbolicLink(_folder.At("net", "in.bin"), "w.bin");
        File.CreateSymbolicLink(_folder.At("net", "self.bin"), "self.bin");
        Assert.That(() => Load("out.bin", null, null), Refusal.With("no file in the model's folder"));
        Assert.That(() => Load("self.bin", null, null), Refusal.With("'self.bin'"));
        Assert.That(Load("in.bin", null, null).Parameters, Has.Length.EqualTo(12));
    }

    [Test]
    public void A_shape_that_the_file_cannot_hold_is_refused_before_memory_is_taken()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Load("w.bin", null, null, 1 << 28), Refusal.With("'w' takes 6442450944 bytes"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20));
    }

    [Test]
    public void An_entry_twice_is_refused()
    {
        var graph = Graph("w.bin", null, null, 4);
        graph.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
        string path = _folder.Write("net/net.onnx", graph.ToBytes());
        Assert.That(() => Model.Load(path), Refusal.With("'location' twice"));
    }

    private static TestGraph Graph(string location, string? offset, string? length, int inputs)
    {
        var graph = new TestGraph(0, inputs).Tensor("w", 4, 3).Then("MatMul", "x w");
        var tensor = graph.Graph.Initializer[0];
        tensor.DoubleData.Clear();
        tensor.Dims[0] = inputs;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new[] { ("location", location), ("offset", offset), ("length", length) }
            .Where(entry => entry.Item2 is not null).Select(entry => new StringStringEntryProto { Key = entry.Item1, Value = entry.Item2 }));
        return graph;
    }

    private Model Load(string location, string? offset, string? length, int inputs = 4)
    {
        var graph = Graph(location, offset, length, inputs);
        return Model.Load(_folder.Write("net/net.onnx", graph.ToBytes()));
    }
}
