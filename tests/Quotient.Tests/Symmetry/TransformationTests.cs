using NUnit.Framework;
using Quotient.Networks.Layers;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Symmetries of networks as values: what they leave unchanged, and how they are joined, undone and kept.</summary>
public class TransformationTests
{
    private Engine _engine = null!;

    private static IEnumerable<string> Architectures => [.. SymmetricNets.Real, .. SymmetricNets.Binary];

    private static IEnumerable<int> Graphs => Enumerable.Range(0, SymmetricNets.Graphs);

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open("cpu");

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCaseSource(nameof(Architectures))]
    public void A_symmetry_of_a_network_changes_its_parameters_and_no_output(string architecture) =>
        CheckSymmetry(SymmetricNets.Make(architecture));

    [TestCaseSource(nameof(Graphs))]
    public void A_symmetry_of_a_random_graph_changes_no_output(int number) => CheckSymmetry(SymmetricNets.Graph(number), mayBeNone: true);

    [TestCaseSource(nameof(Architectures))]
    public void Symmetries_are_joined_and_undone(string architecture)
    {
        var model = SymmetricNets.Make(architecture);
        var (first, second) = (Transformation.Random(model.Network, 3), Transformation.Random(model.Network, 4));
        var (one, other) = (second.ApplyTo(first.ApplyTo(model)), first.Then(second).ApplyTo(model));
        var back = first.Inverse().ApplyTo(first.ApplyTo(model));
        Assert.Multiple(() =>
        {
            Assert.That(Tests.Close.Difference(other.Parameters, one.Parameters), Is.LessThan(1e-15));
            Assert.That(Tests.Close.Difference(other.Buffers, one.Buffers), Is.LessThan(1e-15));
            Assert.That(Tests.Close.Difference(back.Parameters, model.Parameters), Is.LessThan(1e-15));
            Assert.That(Tests.Close.Difference(back.Buffers, model.Buffers), Is.LessThan(1e-15));
        });
    }

    [Test]
    public void Permutations_and_flips_move_values_as_they_are()
    {
        var model = SymmetricNets.Make("binary:21-31-25-4");
        var twin = SymmetricNets.Twin(model, 5);
        Assert.That(twin.Parameters.Select(Math.Abs).Order(), Is.EqualTo(model.Parameters.Select(Math.Abs).Order()));
    }

    [Test]
    public void A_binary_weight_of_0_is_negated_too()
    {
        var network = Network.Parse("binary:3-3-2");
        var model = new Model(network, new double[network.ParameterCount], Precision.Single);
        var twin = SymmetricNets.Twin(model, 1);
        Assert.That(twin.AtBinaryWeights().Parameters, Has.Some.EqualTo(-1));
        Assert.That(OutputComparison.Of(_engine, model, twin).LargestDifference, Is.Zero);
    }

    [Test]
    public void Hidden_layers_of_a_chain_are_a_group_each()
    {
        var groups = UnitGroup.Of(Network.Parse("7-12-9-4"));
        Assert.That(groups.Select(group => (group.Name, group.Count, group.ScaleCount, group.FlipCount, group.IsFixed)), Is.EqualTo(new[]
        {
            ("0", 12, 1, 0, false), ("2", 9, 1, 0, false),
        }));
    }

    [Test]
    public void Units_before_signs_have_signs_and_no_scale_unless_their_weights_are_real()
    {
        var groups = UnitGroup.Of(Network.Parse("binary,real-first:9-21-17-3"));
        Assert.That(groups.Select(group => (group.Count, group.ScaleCount, group.FlipCount)), Is.EqualTo(new[] { (21, 1, 1), (17, 0, 1) }));
    }

    [Test]
    public void Channels_that_a_shortcut_pads_move_in_blocks()
    {
        // The 32 channels of the second group of blocks are 16 of the first group's, and 16 of their own; the 64 of the third those 32, and 32.
        var groups = UnitGroup.Of(Network.Parse("resnet20")).Where(group => !group.Name.EndsWith("conv1", StringComparison.Ordinal) || group.Name == "conv1");
        Assert.That(
            groups.Select(group => (group.Name, group.Count, group.IsFixed)),
            Is.EqualTo(new[] { ("conv1", 16, false), ("layer2.0.conv2", 16, false), ("layer3.0.conv2", 32, false) }));
    }

    [Test]
    public void What_reads_the_zeros_that_a_shortcut_pads_has_no_unit()
    {
        var network = Network.Build(new(2, 4, 4), x => x.Convolution(3, 3).Relu().Then(new Shortcut(5, 1)).Convolution(4, 1).Relu().Flatten().Dense(2));
        Assert.That(UnitGroup.Of(network).Select(group => (group.Count, group.IsFixed)), Is.EqualTo(new[] { (3, false), (4, false) }));
        CheckSymmetry(Model.Initialise(network, Initialisation.PyTorch, 3, Precision.Double));
    }

    [Test]
    public void A_layer_that_nothing_is_known_of_keeps_its_units_in_place()
    {
        var network = Network.Chain(new(4), new Dense(4, 5), new Square(5), new Dense(5, 6), new Relu(), new Dense(6, 2));
        Assert.That(UnitGroup.Of(network).Where(group => !group.IsFixed).Select(group => group.Name), Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public void A_residual_sum_with_the_input_keeps_its_units_in_place()
    {
        var network = Network.Build(new(6), x => x.Residual(y => y.Dense(9).Relu().Dense(6)).Relu().Dense(3));
        Assert.That(UnitGroup.Of(network).Select(group => (group.Count, group.IsFixed)), Is.EqualTo(new[] { (9, false) }));
    }

    [Test]
    public void Kept_and_read_again_it_is_the_same()
    {
        using var folder = new ScratchFolder();
        foreach (string architecture in Architectures)
        {
            var made = Transformation.Random(Network.Parse(architecture), 8);
            made.Save(folder.At("symmetry.json"));
            var model = SymmetricNets.Make(architecture);
            Assert.That(Transformation.Load(folder.At("symmetry.json")).ApplyTo(model).Parameters, Is.EqualTo(made.ApplyTo(model).Parameters));
        }
    }

    [TestCase("", "not valid JSON")]
    [TestCase("[]", "object")]
    [TestCase("""{"version":2}""", "version 2")]
    [TestCase("""{"version":1,"network":"{}","groups":[]}""", "version")]
    [TestCase("""{"version":1,"network":"NET","groups":[]}""", "1 groups", "0 changes")]
    [TestCase("""{"version":1,"network":"NET","groups":[{"name":"1","permutation":[0,1],"scales":[[1,1]],"flips":[]}]}""", "'1'", "'0'")]
    [TestCase("""{"version":1,"network":"NET","groups":[{"name":"0","permutation":[0,0],"scales":[[1,1]],"flips":[]}]}""", "permutation")]
    [TestCase("""{"version":1,"network":"NET","groups":[{"name":"0","permutation":[0,1],"scales":[[1,-1]],"flips":[]}]}""", "above 0")]
    [TestCase("""{"version":1,"network":"NET","groups":[{"name":"0","permutation":[0,1],"scales":[[1,1]],"flips":[[true,false]]}]}""", "flips")]
    public void A_file_that_is_none_is_refused_in_one_sentence(string text, params string[] words)
    {
        using var folder = new ScratchFolder();
        string network = """{\"version\":1,\"input\":[3],\"nodes\":[{\"name\":\"0\",\"type\":\"dense\",\"inputs\":3,\"outputs\":2,\"bias\":true},{\"name\":\"1\",\"type\":\"relu\"},{\"name\":\"2\",\"type\":\"dense\",\"inputs\":2,\"outputs\":2,\"bias\":true}]}""";
        File.WriteAllText(folder.At("s.json"), text.Replace("NET", network));
        var error = Assert.Throws<QuotientException>(() => Transformation.Load(folder.At("s.json")))!;
        Assert.That(words.Append("s.json").Where(word => !error.Message.Contains(word)), Is.Empty, error.Message);
    }

    private void CheckSymmetry(Model model, bool mayBeNone = false)
    {
        for (ulong seed = 0; seed < 3; seed++)
        {
            var twin = SymmetricNets.Twin(model, seed);
            var check = OutputComparison.Of(_engine, model, twin);
            Assert.That(check.LargestDifference, Is.LessThan(1e-12), model.Network.ToString());
            Assert.That(mayBeNone || !twin.Parameters.SequenceEqual(model.Parameters), Is.True);
        }
    }
}
