using NUnit.Framework;
using Quotient.Backends.Reference;
using Quotient.Linearisation;
using Quotient.Networks;
using Quotient.Networks.Layers;
using Quotient.Tests.Networks;
using Quotient.Training;

namespace Quotient.Tests.Linearisation;

/// <summary>What a layer can declare that none of the library's does, shown by one of the tests' own: <see cref="Square"/>.</summary>
public class OwnLayerTests
{
    private static readonly Network[] Networks =
    [
        Network.Build(new(4), x => x.Dense(3).Then(new Square(3)).Dense(2)),
        Network.Build(new(3), x => x.Then(new Square(3)).Dense(4).Relu().Then(new Square(4)).Dense(3)),
        Network.Build(new(4), x => x.Dense(3).Relu().Residual(h => h.Then(new Square(3))).Dense(2).Then(new Square(2))),
    ];

    [Test]
    public void The_Hessian_is_the_derivative_of_the_gradient(
        [ValueSource(nameof(Networks))] Network network, [Values] bool classes, [Values("cpu", "reference")] string device)
    {
        var (model, data) = Nets.Random(network, 7, 11, classes);
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<double>(model, data, classes ? Loss.CrossEntropy : Loss.SquaredError, new() { ChunkSize = 3 });
        var dense = Nets.Dense(at.Hessian);
        double scale = dense.Enumerate().Max(Math.Abs);
        double[] GradientAt(int parameter, double step)
        {
            double[] theta = [.. model.Parameters];
            theta[parameter] += step;
            at.MoveTo(model.With(network, theta));
            return at.Gradient();
        }

        for (int i = 0; i < model.Parameters.Length; i++)
        {
            var column = GradientAt(i, 1e-5).Zip(GradientAt(i, -1e-5), (plus, minus) => (plus - minus) / 2e-5);
            double difference = column.Zip(dense.Column(i), (f, h) => Math.Abs(f - h)).Max();
            Assert.That(difference, Is.LessThan(1e-7 * scale), $"column {i}");
        }
    }

    [Test]
    public void Chunks_that_are_computed_again_give_the_same_bits([ValueSource(nameof(Networks))] Network network)
    {
        var (model, data) = Nets.Random(network, 7, 11, true);
        using var engine = Engine.Open("cpu");
        using var resident = engine.Linearise<double>(model, data, options: new() { ChunkSize = 3 });
        using var small = engine.Linearise<double>(model, data, options: new() { ChunkSize = 3, MemoryBudget = 1 });
        double[] v = [.. model.Parameters.Select(Math.Cos)];
        Assert.That(small.IsResident, Is.False);
        Assert.That(small.Hessian.Apply(v), Is.EqualTo(resident.Hessian.Apply(v)));
    }

    [Test]
    public void The_exact_diagonal_of_its_Hessian_is_refused_and_that_of_Gauss_Newton_is_not()
    {
        var (model, data) = Nets.Random(Networks[0], 7, 11, true);
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(model, data);
        Assert.That(() => at.Hessian.Trace(), Refusal.With("piecewise linear", "estimate"));
        double expected = Nets.Dense(at.GaussNewton).Diagonal().Sum();
        Assert.That(at.GaussNewton.Trace(), Is.EqualTo(expected).Within(1e-12 * expected));
    }

    [Test]
    public void Mini_batches_stay_whole_where_a_layer_needs_them()
    {
        using var backend = new ReferenceBackend();
        using var whole = NetworkPlan<double>.Compile(Networks[0], backend);
        using var cut = NetworkPlan<double>.Compile(Network.Mlp([4, 3, 2]), backend);
        Assert.That(BatchObjective<double>.RowsAtOnce(whole, 3, 500, 64), Is.EqualTo(500));
        Assert.That(BatchObjective<double>.RowsAtOnce(cut, 1, 500, 64), Is.EqualTo(64));
    }

    [Test]
    public void Its_tensors_that_are_not_trained_lie_apart_and_start_as_it_says()
    {
        var network = Networks[1];
        var model = Model.Initialise(network, Initialisation.He, 1);
        Assert.That(network.Buffers.Select(tensor => (tensor.Name, tensor.Offset, tensor.Size)), Is.EqualTo(new[]
        {
            ("0.running_mean", 0L, 3L), ("0.running_var", 3L, 6L), ("3.running_mean", 9L, 4L), ("3.running_var", 13L, 8L),
        }));
        Assert.That(network.ParameterCount, Is.EqualTo((3 * 4) + 4 + (4 * 3) + 3));
        Assert.That(model.Buffers[..5], Is.EqualTo(new[] { 0.5, 0.5, 0.5, 0, 0 }));
        Assert.That(() => new Model(network, model.Parameters, Precision.Single, new double[3]), Refusal.With("21", "3 were given"));
    }

    [Test]
    public void Files_hold_them_under_their_names()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "net.safetensors"), other = Path.Combine(folder.Path, "other.safetensors");
        var model = Counted(Networks[0]);
        model.Save(path);
        var read = Model.Load(path);
        Assert.That(read.Buffers, Is.EqualTo(model.Buffers));
        Assert.That(read.Parameters, Is.EqualTo(model.Parameters));
        using (var file = new Safetensors(File.OpenRead(path)))
        {
            Assert.That(file.Tensors.Select(tensor => tensor.Name), Has.Member("1.running_mean").And.Member("1.running_var"));
            Assert.That(file.Tensors.Single(tensor => tensor.Name == "1.running_var").Dimensions, Is.EqualTo(new[] { 3, 2 }));
        }

        read.Save(other);
        Assert.That(File.ReadAllBytes(other), Is.EqualTo(File.ReadAllBytes(path)));
    }

    [Test]
    public void Surrogates_carry_them()
    {
        var network = Network.Build(new(5), x => x.Then(new BinaryDense(5, 3)).Relu().Then(new Square(3)).Dense(2));
        var model = Counted(network);
        Assert.That(model.AtBinaryWeights().Buffers, Is.EqualTo(model.Buffers));
        Assert.That(model.ToSurrogate(Surrogate.None).Buffers, Is.EqualTo(model.Buffers));
    }

    [Test]
    public void Training_and_its_checkpoints_carry_them()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "checkpoint.safetensors");
        var (_, data) = Nets.Random(Networks[0], 20, 3, true);
        var model = Counted(Networks[0]);
        using var engine = Engine.Open("cpu");
        var options = new TrainingOptions { Epochs = 2, BatchSize = 7, Checkpoint = path };
        var first = Trainer.Run<double>(engine, model, data, null, options);
        var again = Trainer.Run<double>(engine, Model.Initialise(Networks[0], Initialisation.He, 2), data, null, options with { Resume = true });
        Assert.That(first.Model.Buffers, Is.EqualTo(model.Buffers));
        Assert.That(again.Model.Buffers, Is.EqualTo(model.Buffers));
        Assert.That(again.Model.Parameters, Is.EqualTo(first.Model.Parameters));
    }

    /// <summary>A model whose tensors that are not trained hold 1, 2, 3, ….</summary>
    private static Model Counted(Network network) => new(
        network, Model.Initialise(network, Initialisation.He, 1).Parameters, Precision.Single,
        [.. Enumerable.Range(1, (int)network.BufferCount).Select(i => (double)i)]);
}
