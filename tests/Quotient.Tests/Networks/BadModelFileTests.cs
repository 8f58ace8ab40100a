using System.Text;
using NUnit.Framework;
using static Quotient.Tests.Networks.RawFile;

namespace Quotient.Tests.Networks;

public class BadModelFileTests
{
    private static readonly string Weight = Entry("0.weight", "[1,2]", 0, 8);

    [Test]
    public void A_missing_file_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Model.Load("/nowhere/a.safetensors"), Refusal.With("/nowhere/a.safetensors", "does not exist"));
        Assert.That(() => Model.Load(""), Refusal.With("cannot read"));
        Assert.That(() => Model.Load(Path.GetTempPath()), Refusal.With(Path.GetTempPath()));
    });

    [TestCase("shape")]
    [TestCase("data_offsets")]
    public void A_list_that_is_absurdly_long_is_refused(string field)
    {
        string fields = $"\"shape\":[0],\"data_offsets\":[0,0]".Replace($"\"{field}\":[0", $"\"{field}\":[0{string.Concat(Enumerable.Repeat(",0", 64))}");
        AssertRefused(Of(Encoding.UTF8.GetBytes($"{{\"0.weight\":{{\"dtype\":\"F32\",{fields}}}}}"), []), $"'{field}' where one of at most 64 is wanted");
    }

    [TestCase("", "0 bytes")]
    [TestCase("01020304", "4 bytes")]
    [TestCase("0000000000000000", "take 0 bytes")]
    [TestCase("0100000000000000" + "7B", "take 1 bytes")]
    [TestCase("0300000000000000" + "7B7D", "take 3 bytes")]
    [TestCase("FFFFFFFFFFFFFFFF" + "7B7D", "take 18446744073709551615 bytes")]
    [TestCase("FFFFFFFFFFFFFF7F" + "7B7D", "take 9223372036854775807 bytes")]
    [TestCase("0200000000000000" + "207B7D", "byte 32")]
    [TestCase("0200000000000000" + "7B7D", "no tensors")]
    [TestCase("0200000000000000" + "7B7D00", "too long")]
    [TestCase("0200000000000000" + "7B5D", "not valid JSON")]
    [TestCase("0700000000000000" + "7B22FF223A317D", "not valid Unicode")]
    [TestCase("0C00000000000000" + "7B225C7564383030223A317D", "not valid Unicode")]
    public void Bytes_that_are_no_safetensors_file_are_refused(string hex, string words) =>
        AssertRefused(Convert.FromHexString(hex), words);

    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", null)]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}   """, null)]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},}""", "not valid JSON")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}} x""", "not valid JSON")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"0.weight":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "'0.weight' twice")]
    [TestCase("""{"0.weight":{"dtype":"F32","dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", "'0.weight'", "'dtype' twice")]
    [TestCase("""{"0.weight":[]}""", "'0.weight'", "a list where an object")]
    [TestCase("""{"0.weight":null}""", "'0.weight'", "'null' where an object")]
    [TestCase("""{"0.weight":{"shape":[1,2],"data_offsets":[0,8]}}""", "'0.weight'", "no field 'dtype'")]
    [TestCase("""{"0.weight":{"dtype":"F32","data_offsets":[0,8]}}""", "'0.weight'", "no field 'shape'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2]}}""", "'0.weight'", "no field 'data_offsets'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8],"sparse":true}}""", "'0.weight'", "'sparse'")]
    [TestCase("""{"0.weight":{"dtype":32,"shape":[1,2],"data_offsets":[0,8]}}""", "'0.weight'", "'32' as 'dtype'")]
    [TestCase("""{"0.weight":{"dtype":"I32","shape":[1,2],"data_offsets":[0,8]}}""", "'0.weight'", "'I32'", "BF16")]
    [TestCase("""{"0.weight":{"dtype":"2","shape":[1,2],"data_offsets":[0,8]}}""", "'0.weight'", "'2'", "BF16")]
    [TestCase("""{"0.weight":{"dtype":"f32","shape":[1,2],"data_offsets":[0,8]}}""", "'0.weight'", "'f32'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "'0.weight'", "'2' as 'shape'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,-2],"data_offsets":[0,8]}}""", "'0.weight'", "'-2' in 'shape'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2.0],"data_offsets":[0,8]}}""", "'0.weight'", "'2.0' in 'shape'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,"2"],"data_offsets":[0,8]}}""", "'0.weight'", "'2' in 'shape'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,99999999999999999999],"data_offsets":[0,8]}}""", "'0.weight'", "in 'shape'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "'0.weight'", "too many")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[4611686018427387904,1],"data_offsets":[0,0]}}""", "'0.weight'", "too many")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0]}}""", "'0.weight'", "1 data_offsets")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[8,0]}}""", "'0.weight'", "[8, 0]")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[-8,0]}}""", "'0.weight'", "'-8'")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[9223372036854775807,8]}}""", "'0.weight'", "too many")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,4]}}""", "'0.weight'", "8 bytes", "[0, 4]")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}""", "'0.weight'", "byte 4")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""", "too long", "8 follow")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]}}""", "truncated", "12 bytes")]
    [TestCase("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'0.bias'", "byte 4")]
    [TestCase("""{"__metadata__":[],"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", "__metadata__")]
    [TestCase("""{"__metadata__":{"a":1},"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", "__metadata__", "'1' as 'a'")]
    [TestCase("""{"__metadata__":{"a":"","a":""},"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", "__metadata__", "'a' twice")]
    public void A_header_must_be_right_in_every_field(string header, params string[]? words)
    {
        byte[] file = Of(header, 1, 2);
        if (words is null)
        {
            using var folder = new ScratchFolder();
            Assert.That(Model.Load(folder.Write("a", file)).Parameters, Is.EqualTo(new double[] { 1, 2 }));
        }
        else
        {
            AssertRefused(file, words);
        }
    }

    [TestCase("weight", "[1,2]", "'weight' of shape [1, 2]")]
    [TestCase(".weight", "[1,2]", "'.weight' of shape [1, 2]")]
    [TestCase("0.scale", "[1,2]", "'0.scale' of shape [1, 2]")]
    [TestCase("conv.weight", "[1,2,1,1]", "'conv.weight' of shape [1, 2, 1, 1]")]
    [TestCase("0.bias", "[1,2]", "'0.bias' of shape [1, 2]")]
    [TestCase("0.bias", "[2]", "'0' has a bias but no weight")]
    [TestCase("bad\\nname\\u2028\\ud83d\\ude00", "[2]", "'bad?name?😀'")]
    public void Tensors_that_are_no_chain_of_dense_layers_are_refused(string name, string shape, string words) =>
        AssertRefused(Of(Header(Entry(name, shape, 0, 8)), 1, 2), words);

    [Test]
    public void A_long_name_is_cut_in_the_sentence() =>
        AssertRefused(Of(Header(Entry(new string('x', 500), "[2]", 0, 8)), 1, 2), $"'{new string('x', 80)}…'");

    [Test]
    public void A_weight_of_no_width_is_refused() =>
        AssertRefused(Of(Header(Entry("0.weight", "[8589934592,0]", 0, 0))), "'0'", "[8589934592, 0]");

    [Test]
    public void A_bias_of_another_width_is_refused() =>
        AssertRefused(Of(Header(Weight, Entry("0.bias", "[2]", 8, 16)), 1, 2, 3, 4), "'0'", "1 outputs", "bias of 2");

    [Test]
    public void Widths_that_do_not_chain_are_refused_with_both_layers() =>
        AssertRefused(Of(Header(Weight, Entry("2.weight", "[1,2]", 8, 16)), 1, 2, 3, 4), "'0' has 1 outputs", "'2'", "2 inputs");

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    [TestCase(float.NegativeInfinity, "-Infinity")]
    public void What_is_not_finite_is_refused_with_its_place(float value, string words) =>
        AssertRefused(Of(Header(Entry("0.weight", "[2,3]", 0, 24)), 0, 1, 2, 3, 4, value), $"'0.weight' holds {words} at [1, 2]");

    [TestCase("F16", "007C")]
    [TestCase("BF16", "C07F")]
    [TestCase("F64", "000000000000F0FF")]
    public void What_is_not_finite_is_refused_in_every_type(string type, string hex)
    {
        byte[] header = Encoding.UTF8.GetBytes(Header(Entry("0.weight", "[1,1]", 0, hex.Length / 2, type)));
        AssertRefused(Of(header, Convert.FromHexString(hex)), "'0.weight'", "[0, 0]", type);
    }

    [TestCase("""{""", "not valid JSON")]
    [TestCase("""[]""", "an object")]
    [TestCase("""{"input":[2],"nodes":[]}""", "no field 'version'")]
    [TestCase("""{"version":2,"input":[2],"nodes":[]}""", "version 2")]
    [TestCase("""{"version":1,"input":[2],"nodes":[]}""", "at least one layer")]
    [TestCase("""{"version":1,"input":[2],"nodes":[],"more":1}""", "'more'")]
    [TestCase("""{"version":1,"input":[2,3],"nodes":[]}""", "2 extents")]
    [TestCase("""{"version":1,"input":[0],"nodes":[]}""", "'0' in 'input'")]
    [TestCase("""{"version":1,"input":[65536,65536,65536],"nodes":[{"name":"0","type":"relu"}]}""", "65536×65536×65536")]
    [TestCase("""{"version":1,"input":[2],"nodes":[7]}""", "node 0", "'7'")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"type":"relu"}]}""", "node 0", "'name'")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"","type":"relu"}]}""", "no name")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"tanh"}]}""", "'tanh'", "dense, flatten", "relu")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"relu","slope":1}]}""", "node 0", "'slope'")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"relu","from":[0]}]}""", "node 0", "'0' in 'from'")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"relu","from":[]}]}""", "0 inputs")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"dense","inputs":2,"outputs":0,"bias":false}]}""", "'0' in 'outputs'")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"dense","inputs":2,"outputs":1,"bias":0}]}""", "'0' as 'bias'")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"dense","inputs":3,"outputs":1,"bias":false}]}""", "'0'", "3 inputs")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"dense","inputs":2,"outputs":1,"bias":true}]}""", "'0.bias'", "missing")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"1","type":"dense","inputs":2,"outputs":1,"bias":false}]}""", "'1.weight'", "missing")]
    [TestCase("""{"version":1,"input":[2],"nodes":[{"name":"0","type":"relu"}]}""", "'0.weight'", "no layer")]
    [TestCase("""{"version":1,"input":[1],"nodes":[{"name":"0","type":"dense","inputs":1,"outputs":2,"bias":false}]}""", "[1, 2]", "[2, 1]")]
    [TestCase("""{"version":1,"input":[2147483647],"nodes":[{"name":"0","type":"dense","inputs":2147483647,"outputs":2147483647,"bias":false}]}""", "[1, 2]")]
    public void An_architecture_must_be_right_and_fit_the_tensors(string network, params string[] words)
    {
        string quoted = network.Replace("\"", "\\\"", StringComparison.Ordinal);
        AssertRefused(Of(Header($"\"__metadata__\":{{\"quotient.network\":\"{quoted}\"}}", Weight), 1, 2), words);
    }

    private static void AssertRefused(byte[] bytes, params string[] words)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("net.safetensors", bytes);
        Assert.That(() => Model.Load(path), Refusal.With([$"{path}: ", .. words]));
    }
}
