using NUnit.Framework;
using Quotient.Networks.Layers;
using Quotient.Symmetry;

namespace Quotient.Tests.Symmetry;

/// <summary>The standard form: the same function, one point for all models that differ by scales.</summary>
public class StandardFormTests
{
    private Engine _engine = null!;

    private static IEnumerable<string> Architectures => [.. SymmetricNets.Real, .. SymmetricNets.Binary];

    private static IEnumerable<int> Graphs => Enumerable.Range(0, SymmetricNets.Graphs);

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open("cpu");

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCaseSource(nameof(Architectures))]
    public void Outputs_are_the_same_up_to_the_last_layers_scale(string architecture) => CheckFunction(SymmetricNets.Make(architecture));

    [TestCaseSource(nameof(Graphs))]
    public void Outputs_of_random_graphs_are_the_same(int number) => CheckFunction(SymmetricNets.Graph(number));

    [TestCaseSource(nameof(Architectures))]
    public void All_rescaled_twins_have_one_standard_form(string architecture) => CheckTwins(SymmetricNets.Make(architecture), flips: !architecture.StartsWith("binary", StringComparison.Ordinal));

    [TestCaseSource(nameof(Graphs))]
    public void All_rescaled_twins_of_random_graphs_have_one_standard_form(int number) => CheckTwins(SymmetricNets.Graph(number), flips: false);

    [TestCaseSource(nameof(Architectures))]
    public void The_standard_form_is_its_own(string architecture)
    {
        foreach (var options in new StandardFormOptions[] { new(), new() { BiasInNorm = true, LastNorm = 3 }, new() { LastNorm = null } })
        {
            var once = StandardForm.Of(SymmetricNets.Make(architecture), options);
            var twice = StandardForm.Of(once.Model, options);
            Assert.That(Tests.Close.Difference(twice.Model.Parameters, once.Model.Parameters), Is.LessThan(1e-15));
            Assert.That(twice.LogitScale, Is.EqualTo(1).Within(1e-15));
        }
    }

    [Test]
    public void Every_hidden_unit_and_the_last_layer_have_norm_1()
    {
        var form = StandardForm.Of(SymmetricNets.Make("7-12-9-4"));
        Assert.That(form.Spheres.Count, Is.EqualTo(12 + 9 + 1));
        Assert.That(form.Spheres.Norms(form.Model.Parameters), Is.All.EqualTo(1).Within(1e-15));
        Assert.That(RowNorm(form.Model, 0, 7, false), Is.EqualTo(1).Within(1e-15));
        Assert.That(Enumerable.Range(0, form.Spheres.Of.Length).Count(i => form.Spheres.Of[i] < 0), Is.EqualTo(12 + 9 + 4));
    }

    [Test]
    public void Biases_are_in_the_norm_where_asked_for()
    {
        var form = StandardForm.Of(SymmetricNets.Make("7-12-9-4"), new() { BiasInNorm = true });
        Assert.That(RowNorm(form.Model, 0, 7, true), Is.EqualTo(1).Within(1e-15));
        Assert.That(form.Spheres.Of, Is.All.Not.EqualTo(-1));
    }

    [Test]
    public void The_last_layer_is_as_long_as_asked_for_and_as_it_was_where_not()
    {
        var model = SymmetricNets.Make("7-12-9-4");
        var form = StandardForm.Of(model, new() { LastNorm = 2.5 });
        Assert.That(form.Spheres.Norms(form.Model.Parameters)[^1], Is.EqualTo(2.5).Within(1e-15));
        Assert.That(StandardForm.Of(model, new() { LastNorm = null }).LogitScale, Is.EqualTo(1));
        Assert.That(StandardForm.Of(model, new() { LastNorm = null }).Spheres.LastLayer, Is.Null);
        Assert.That(() => StandardForm.Of(model, new() { LastNorm = 0 }), Throws.TypeOf<QuotientException>().With.Message.Contains("above 0"));
    }

    [Test]
    public void Models_that_differ_by_a_vector_added_to_all_classes_are_one_when_centred()
    {
        var model = SymmetricNets.Make("7-12-9-4");
        double[] moved = [.. model.Parameters];
        var weight = model.Network.Tensors[^2];
        for (int i = 0; i < weight.Size; i++)
        {
            moved[weight.Offset + i] += Math.Sin(i % weight.Shape.Dimensions[1]);
        }

        var twin = new Model(model.Network, moved, Precision.Double);
        var (plain, other) = (StandardForm.Of(model), StandardForm.Of(twin));
        Assert.That(Tests.Close.Difference(other.Model.Parameters, plain.Model.Parameters), Is.GreaterThan(0.1));
        var centre = new StandardFormOptions { Centre = true };
        Assert.That(Tests.Close.Difference(StandardForm.Of(twin, centre).Model.Parameters, StandardForm.Of(model, centre).Model.Parameters), Is.LessThan(1e-14));
        var form = StandardForm.Of(model, centre);
        Assert.That(OutputComparison.Of(_engine, model, form.Model, new() { Scale = form.LogitScale, IgnoresShift = true }).LargestDifference, Is.LessThan(1e-12));
    }

    [Test]
    public void A_unit_without_incoming_weights_goes_into_the_biases_behind_it()
    {
        var model = SymmetricNets.Make("7-12-9-4");
        model.Parameters.AsSpan(3 * 7, 7).Clear();
        model.Parameters.AsSpan(5 * 7, 7).Clear();
        (model.Parameters[(12 * 7) + 3], model.Parameters[(12 * 7) + 5]) = (0.7, -0.7);
        var form = StandardForm.Of(model);
        Assert.That(form.Silent, Is.EqualTo(new SilentUnit[] { new("0", 3, true), new("0", 5, true) }));
        Assert.That(OutputComparison.Of(_engine, model, form.Model, new() { Scale = form.LogitScale }).LargestDifference, Is.LessThan(1e-12));

        // Its scale was free: twins in which it differs have one standard form.
        model.Parameters[(12 * 7) + 5] = -3;
        Assert.That(Tests.Close.Difference(StandardForm.Of(model).Model.Parameters, form.Model.Parameters), Is.LessThan(1e-15));
    }

    [Test]
    public void A_silent_unit_before_a_convolution_stays_and_is_said()
    {
        var model = SymmetricNets.Make("conv:1x6x6,4c3p1,relu,5c3p1,relu,gap,3");
        model.Parameters.AsSpan(9, 9).Clear();
        var form = StandardForm.Of(model);
        Assert.That(form.Silent, Is.EqualTo(new SilentUnit[] { new("0", 1, false) }));
        Assert.That(OutputComparison.Of(_engine, model, form.Model, new() { Scale = form.LogitScale }).LargestDifference, Is.LessThan(1e-12));
    }

    [Test]
    public void Batch_norms_are_folded_where_they_can_be_and_affine_maps_elsewhere()
    {
        var model = SymmetricNets.Make("conv:2x6x6,5c3,bn,relu,7c3,relu,bn,gap,3");
        var form = StandardForm.Of(model);
        Assert.That((form.FoldedNorms, form.KeptNorms), Is.EqualTo((1, 1)));
        Assert.That(form.Model.Network.Nodes.Count(node => node.Layer is BatchNorm), Is.EqualTo(1));
        Assert.That(form.Model.Network.Nodes[0].Layer, Is.InstanceOf<Convolution>().With.Property(nameof(Convolution.Bias)).True);
        Assert.That(OutputComparison.Of(_engine, model, form.Model, new() { Scale = form.LogitScale }).LargestDifference, Is.LessThan(1e-12));
    }

    [Test]
    public void Scales_of_channels_that_a_shortcut_pads_are_divided_out()
    {
        // A sphere for each of the 16, 32 and 64 channels between blocks, but that tied ones count once; for each block's inner ones; and the last.
        var form = StandardForm.Of(SymmetricNets.Make("resnet20,input=3×8×8"));
        Assert.That(form.Spheres.Count, Is.EqualTo(16 + 16 + 32 + (3 * (16 + 32 + 64)) + 1));
    }

    [Test]
    public void Weights_of_all_sizes_have_finite_standard_forms([Values(1e-310, 1e-150, 1e150)] double scale)
    {
        var model = SymmetricNets.Make("7-12-9-4");
        var last = model.Network.Tensors[^2];
        foreach (ref double value in model.Parameters.AsSpan(last.Range))
        {
            value *= scale;
        }

        var form = StandardForm.Of(model);
        Assert.That(form.Model.Parameters, Is.All.Matches<double>(double.IsFinite));
        Assert.That(Distances.Between(form, StandardForm.Of(SymmetricNets.Make("7-12-9-4", 2))).Value, Is.Positive.And.LessThan(double.PositiveInfinity));
    }

    [Test]
    public void Single_precision_is_good_to_1e_5()
    {
        foreach (string architecture in SymmetricNets.Real)
        {
            var model = SymmetricNets.Make(architecture).In(Precision.Single);
            var form = StandardForm.Of(model);
            var (one, other) = (_engine.Outputs(model, OutputComparison.NormalInputs(model.Network)), _engine.Outputs(form.Model, OutputComparison.NormalInputs(model.Network)));
            Assert.That(Tests.Close.Difference([.. other.Select(value => form.LogitScale * value)], one), Is.LessThan(1e-5), architecture);
        }
    }

    private static double RowNorm(Model model, int row, int inputs, bool withBias)
    {
        var weights = model.Parameters.AsSpan(row * inputs, inputs).ToArray();
        double bias = withBias ? model.Parameters[(model.Network.Tensors[0].Size / inputs * inputs) + row] : 0;
        return Math.Sqrt(weights.Sum(value => value * value) + (bias * bias));
    }

    private void CheckFunction(Model model)
    {
        foreach (var options in new StandardFormOptions[] { new(), new() { BiasInNorm = true, LastNorm = Math.Sqrt(model.Network.Output.Size) } })
        {
            var form = StandardForm.Of(model, options);
            var check = OutputComparison.Of(_engine, model, form.Model, new() { Scale = form.LogitScale });
            Assert.That(check.LargestDifference, Is.LessThan(1e-12), model.Network.ToString());
            Assert.That(check.ClassesChanged, Is.Zero);
        }
    }

    private static void CheckTwins(Model model, bool flips)
    {
        // Of these networks only units between a layer and its batch norm have signs, which are folded; linear layers in a row keep theirs.
        var form = StandardForm.Of(model);
        for (ulong seed = 0; seed < 3; seed++)
        {
            var twin = Transformation.Random(model.Network, seed, permutes: false, flips, decades: 1).ApplyTo(model);
            Assert.That(Tests.Close.Difference(StandardForm.Of(twin).Model.Parameters, form.Model.Parameters), Is.LessThan(1e-12), model.Network.ToString());
        }
    }
}
