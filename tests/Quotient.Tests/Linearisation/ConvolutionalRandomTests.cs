using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Networks.Layers;
using Quotient.Tests.Training;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Linearisation;

/// <summary>What holds of every graph of convolutions, pooling, batch norm and residual sums, tried on random ones in double.</summary>
public class ConvolutionalRandomTests
{
    private static IEnumerable<int> Graphs => Enumerable.Range(0, ConvolutionalGraphs.Count);

    private static IEnumerable<TestCaseData> GraphsOnDevices() =>
        from device in Nets.Devices
        where device != "reference"
        from number in Graphs
        select new TestCaseData(number, device);

    [Test]
    public void Every_layer_is_in_some_graph()
    {
        var layers = Graphs.SelectMany(number => ConvolutionalGraphs.Make(number).Model.Network.Nodes.Select(node => node.Layer)).ToList();
        Type[] wanted =
        [
            typeof(Convolution), typeof(MaxPool), typeof(AveragePool), typeof(GlobalAveragePool), typeof(BatchNorm), typeof(Sum), typeof(Shortcut),
            typeof(Flatten), typeof(Dense), typeof(Relu),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(wanted.Where(type => layers.Count(layer => layer.GetType() == type) < 10), Is.Empty);
            Assert.That(layers.OfType<Convolution>().Count(layer => layer.Window.Top != layer.Window.Bottom), Is.GreaterThan(10));
            Assert.That(layers.OfType<MaxPool>().Count(layer => layer.Window.Height != layer.Window.Width), Is.GreaterThan(3));
        });
    }

    [TestCaseSource(nameof(Graphs))]
    public void Hessian_products_are_derivatives_of_the_gradient(int number)
    {
        var (model, data, loss) = ConvolutionalGraphs.Make(number);
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(model, data, loss);
        const double Step = 1e-6;
        double[] GradientAt(double[] v, double step)
        {
            at.MoveTo(new(model.Network, [.. model.Parameters.Zip(v, (x, y) => x + (step * y))], Precision.Double, model.Buffers));
            return at.Gradient();
        }

        var random = new Random(number);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            double[] v = [.. model.Parameters.Select(_ => (2 * random.NextDouble()) - 1)];
            double[] here = GradientAt(v, 0), product = at.Hessian.Apply(v);
            double[] before = GradientAt(v, -Step), after = GradientAt(v, Step);
            double scale = product.Concat(here).Max(Math.Abs);

            // Where the two one-sided differences disagree, a kink or a tie lies between: the gradient has no derivative there.
            double apart = Enumerable.Range(0, v.Length).Max(i => Math.Abs(after[i] - (2 * here[i]) + before[i])) / Step;
            if (apart < 1e-3 * scale)
            {
                double error = Enumerable.Range(0, v.Length).Max(i => Math.Abs(((after[i] - before[i]) / (2 * Step)) - product[i]));
                Assert.That(error, Is.LessThanOrEqualTo(1e-7 * scale), ConvolutionalGraphs.Describe(number));
                return;
            }
        }

        Assert.Fail($"the gradient jumps in every direction; {ConvolutionalGraphs.Describe(number)}");
    }

    [TestCaseSource(nameof(Graphs))]
    public void Curvature_is_symmetric_and_its_parts_agree(int number)
    {
        var (model, data, loss) = ConvolutionalGraphs.Make(number);
        string graph = ConvolutionalGraphs.Describe(number);
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(model, data, loss);
        foreach (var (name, op) in new[] { ("Hessian", at.Hessian), ("Gauss-Newton", at.GaussNewton), ("empirical Fisher", at.EmpiricalFisher) })
        {
            var dense = Nets.Dense(op);
            double scale = Math.Max(dense.Enumerate().Max(Math.Abs), 1e-300);
            using var diagonal = at.Backend.Allocate<double>(at.Dimension);
            op.Diagonal(diagonal.All);
            Assert.Multiple(() =>
            {
                Assert.That((dense - dense.Transpose()).Enumerate().Max(Math.Abs), Is.LessThanOrEqualTo(1e-12 * scale), $"{name}, symmetry: {graph}");
                Close.Check(Nets.Read(at.Backend, diagonal.All), [.. dense.Diagonal()], 1e-11, $"{name}, diagonal: {graph}");
                Assert.That(op.Trace(), Is.EqualTo(dense.Trace()).Within(1e-11 * dense.Diagonal().L1Norm()), $"{name}, trace: {graph}");
                for (int i = 0; i < dense.RowCount; i += 1 + (dense.RowCount / 3))
                {
                    double[] unit = new double[dense.RowCount];
                    unit[i] = 1;
                    Assert.That(Difference(op.Apply(unit), dense.Row(i)), Is.LessThanOrEqualTo(1e-12 * scale), $"{name}, row {i} alone: {graph}");
                }
            });
        }
    }

    [TestCaseSource(nameof(Graphs))]
    public void Gauss_Newton_is_the_loss_seen_through_the_Jacobian(int number)
    {
        var (model, data, loss) = ConvolutionalGraphs.Make(number);
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(model, data, loss);
        var jacobian = Jacobian(at);
        int outputs = model.Network.Output.Size;
        var wanted = Matrix<double>.Build.Dense(jacobian.ColumnCount, jacobian.ColumnCount);
        for (int n = 0; n < data.Count; n++)
        {
            var own = jacobian.SubMatrix(n * outputs, outputs, 0, jacobian.ColumnCount);
            wanted += own.TransposeThisAndMultiply(CurvatureOfLoss(engine, model, data, n)) * own / data.Count;
        }

        var found = Nets.Dense(at.GaussNewton);
        double scale = Math.Max(wanted.Enumerate().Max(Math.Abs), 1e-300);
        Assert.That((found - wanted).Enumerate().Max(Math.Abs), Is.LessThanOrEqualTo(1e-11 * scale), ConvolutionalGraphs.Describe(number));
    }

    [TestCaseSource(nameof(Graphs))]
    public void Chunks_and_chunks_computed_again_are_parts_of_one_Hessian(int number)
    {
        var (model, data, loss) = ConvolutionalGraphs.Make(number);
        string graph = ConvolutionalGraphs.Describe(number);
        using var engine = Engine.Open("cpu");
        using var whole = engine.Linearise<double>(model, data, loss);
        using var chunked = engine.Linearise<double>(model, data, loss, new() { ChunkSize = 2 });
        using var recomputed = engine.Linearise<double>(model, data, loss, new() { ChunkSize = 2, MemoryBudget = 1 });
        var dense = Nets.Dense(whole.Hessian);
        var inChunks = Nets.Dense(chunked.Hessian);
        double scale = Math.Max(dense.Enumerate().Max(Math.Abs), 1e-300);
        Assert.Multiple(() =>
        {
            Assert.That((chunked.IsResident, recomputed.IsResident), Is.EqualTo((true, false)), graph);
            Assert.That((inChunks - dense).Enumerate().Max(Math.Abs), Is.LessThanOrEqualTo(1e-12 * scale), graph);
            Assert.That(Nets.Dense(recomputed.Hessian), Is.EqualTo(inChunks), graph);
            Assert.That(recomputed.Gradient(), Is.EqualTo(chunked.Gradient()), graph);
        });
    }

    [TestCaseSource(nameof(GraphsOnDevices))]
    public void Every_device_agrees_with_the_reference_and_repeats_itself(int number, string device)
    {
        var (model, data, loss) = ConvolutionalGraphs.Make(number);
        string graph = ConvolutionalGraphs.Describe(number);
        double[] v = [.. model.Parameters.Select((_, i) => Math.Cos(i))];
        using var reference = Engine.Open("reference");
        using var wanted = reference.Linearise<double>(model, data, loss);
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<double>(model, data, loss, new() { ChunkSize = 3 });
        double[] found = at.Hessian.Apply(v);
        Assert.Multiple(() =>
        {
            Close.Check(at.Gradient(), wanted.Gradient(), 1e-11, $"gradient: {graph}");
            Close.Check(found, wanted.Hessian.Apply(v), 1e-11, $"Hessian: {graph}");
            Close.Check(at.GaussNewton.Apply(v), wanted.GaussNewton.Apply(v), 1e-11, $"Gauss-Newton: {graph}");

            // The later ones are replayed where a device records its work.
            for (int again = 0; again < 5; again++)
            {
                Assert.That(at.Hessian.Apply(v), Is.EqualTo(found), $"again: {graph}");
            }
        });
    }

    [TestCaseSource(nameof(Graphs))]
    public void Training_resumed_is_training_uninterrupted(int number)
    {
        var (model, data, loss) = ConvolutionalGraphs.Make(number);
        using var folder = new ScratchFolder();
        using var engine = Engine.Open("cpu");
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 3,
            Seed = 5,
            Loss = loss,
            Optimiser = new Sgd(1e-3),
            Checkpoint = folder.At("state"),
        };
        var straight = Trainer.Run<double>(engine, model, data, null, options with { Checkpoint = null });
        Trainer.Run<double>(engine, model, data, null, options with { Epochs = 2 });
        var resumed = Trainer.Run<double>(engine, model, data, null, options with { Resume = true });
        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(resumed.Model.Parameters, straight.Model.Parameters), ConvolutionalGraphs.Describe(number));
            Assert.That(TrainingCases.SameBits(resumed.Model.Buffers, straight.Model.Buffers), ConvolutionalGraphs.Describe(number));
            Assert.That(
                TrainingCases.SameBits(straight.Model.Buffers, model.Buffers), Is.EqualTo(model.Buffers.Length == 0),
                $"running statistics move: {ConvolutionalGraphs.Describe(number)}");
        });
    }

    private static Matrix<double> Jacobian(Linearisation<double> at)
    {
        int columns = (int)at.Dimension, rows = (int)at.Jacobian.Rows;
        using var units = at.Backend.Allocate<double>((long)columns * columns);
        using var products = at.Backend.Allocate<double>((long)columns * rows);
        at.Backend.Write<double>(Matrix<double>.Build.DenseIdentity(columns).ToRowMajorArray(), units.All);
        at.Jacobian.ApplyBlock(units.Matrix(columns, columns), products.Matrix(columns, rows));
        return Matrix<double>.Build.DenseOfRowMajor(columns, rows, Nets.Read(at.Backend, products.All)).Transpose();
    }

    /// <summary>∂²ℓ/∂f² of a sample: I, or diag(p) − p pᵀ with −log p the losses of that sample under every label.</summary>
    private static Matrix<double> CurvatureOfLoss(Engine engine, Model model, Dataset data, int sample)
    {
        int outputs = model.Network.Output.Size;
        if (data.Classes == 0)
        {
            return Matrix<double>.Build.DenseIdentity(outputs);
        }

        double[] input = new double[data.Sample.Size];
        data.CopyInputs(sample, 1, input.AsSpan());
        var p = Vector<double>.Build.Dense(outputs, label => Math.Exp(-engine.Evaluate(
            model, Dataset.Classification("one", data.Sample, SampleStore.Doubles(input, input.Length), [label], outputs), null,
            Precision.Double).Loss));
        return Matrix<double>.Build.DenseOfDiagonalVector(p) - p.OuterProduct(p);
    }

    private static double Difference(double[] a, Vector<double> b) => (Vector<double>.Build.Dense(a) - b).AbsoluteMaximum();
}
