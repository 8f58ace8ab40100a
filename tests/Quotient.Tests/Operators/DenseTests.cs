using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Networks.Layers;
using Quotient.Operators;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Operators;

/// <summary>Operators as dense matrices: symmetry, eigenvalues, blocks, diagonals, finite differences.</summary>
public class DenseTests
{
    private static IEnumerable<NetCase> Golden => Nets.Golden;

    private static readonly Network[] Shapes =
    [
        Network.Mlp([3, 5, 4, 2]),
        Network.Mlp([3, 5, 2], bias: false),
        Network.Chain(new(3), new Relu(), new Dense(3, 4), new Relu(), new Relu(), new Dense(4, 2), new Relu()),
        Network.Chain(new(3), new Dense(3, 4), new Dense(4, 4, false), new Relu(), new Dense(4, 3)),
    ];

    [TestCaseSource(nameof(Golden))]
    public void The_Hessian_is_symmetric_and_has_the_eigenvalues_of_PyTorchs(NetCase net)
    {
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind);
        var dense = Nets.Dense(at.Hessian);
        Assert.That((dense - dense.Transpose()).InfinityNorm(), Is.LessThanOrEqualTo(1e-12 * dense.InfinityNorm()));
        var eigenvalues = dense.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order().ToArray();
        Close.Check(eigenvalues, [.. net.HessianEigenvalues.Order()], 1e-11, "eigenvalues");
    }

    [Test]
    public void Each_layers_block_is_that_block_of_the_whole(
        [Values("ce-three-hidden", "mse-three-hidden", "ce-no-bias", "mse-one-layer-no-bias")] string name)
    {
        var net = Nets.ByName(name);
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 5 });
        Compare(Nets.Dense(at.Hessian), at.Hessian.Layers);
        Compare(Nets.Dense(at.GaussNewton), at.GaussNewton.Layers);
        Compare(Nets.Dense(at.Fisher), at.Fisher.Layers);
        Compare(Nets.Dense(at.EmpiricalFisher), at.EmpiricalFisher.Layers);
    }

    [Test]
    public void Exact_diagonals_and_traces_are_those_of_the_dense_matrix(
        [Values("ce-three-hidden", "mse-unequal-widths", "ce-dead-units", "mse-no-bias")] string name)
    {
        var net = Nets.ByName(name);
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 5 });
        CurvatureOperator<double>[] operators =
            [at.Hessian, at.GaussNewton, at.Fisher, at.EmpiricalFisher, at.Hessian.Layers[^1].Block, at.EmpiricalFisher.Layers[0].Block];
        foreach (var op in operators)
        {
            var expected = Nets.Dense(op).Diagonal();
            using var diagonal = engine.Backend.Allocate<double>(op.Dimension);
            op.Diagonal(diagonal.All);
            Close.Check(Nets.Read(engine.Backend, diagonal.All), expected.ToArray(), 1e-12, op.Name);
            Assert.That(op.Trace(), Is.EqualTo(expected.Sum()).Within(1e-12 * expected.Sum()), op.Name);
        }
    }

    [Test]
    public void Many_outputs_are_passed_back_some_at_a_time_to_the_same_diagonal([Values] bool classes)
    {
        var (model, data) = Nets.Random(Network.Mlp([3, 4, 37]), 9, 13, classes);
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(model, data, classes ? Loss.CrossEntropy : Loss.SquaredError, new() { ChunkSize = 4 });
        double[] expected = [.. Nets.Dense(at.Hessian).Diagonal()];
        using var diagonal = engine.Backend.Allocate<double>(at.Dimension);
        at.Hessian.Diagonal(diagonal.All);
        Close.Check(Nets.Read(engine.Backend, diagonal.All), expected, 1e-12, "diagonal");
        Assert.That(at.Hessian.Trace(), Is.EqualTo(expected.Sum()).Within(1e-12 * expected.Sum()));
    }

    [Test]
    public void A_sum_over_samples_is_N_times_the_mean([Values("ce-three-hidden", "mse-unequal-widths")] string name)
    {
        var net = Nets.ByName(name);
        using var engine = Engine.Open();
        using var mean = engine.Linearise<double>(net.Model, net.Data, net.LossKind);
        using var sum = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { Reduction = Reduction.Sum, ChunkSize = 5 });
        int samples = mean.Samples;
        double[] Times(double[] values) => [.. values.Select(value => samples * value)];
        Assert.That(sum.Loss, Is.EqualTo(samples * mean.Loss).Within(1e-12 * sum.Loss));
        Close.Check(sum.Gradient(), Times(mean.Gradient()), 1e-12, "gradient");
        Close.Check(sum.GaussNewton.Apply(net.V), Times(mean.GaussNewton.Apply(net.V)), 1e-12, "Gauss-Newton");
        Close.Check(sum.EmpiricalFisher.Apply(net.V), Times(mean.EmpiricalFisher.Apply(net.V)), 1e-12, "empirical Fisher");
        foreach (var (one, other) in new (CurvatureOperator<double>, CurvatureOperator<double>)[]
            { (sum.Hessian, mean.Hessian), (sum.EmpiricalFisher, mean.EmpiricalFisher) })
        {
            double expected = samples * other.Trace();
            Assert.That(one.Trace(), Is.EqualTo(expected).Within(1e-12 * expected), one.Name);
        }
    }

    [Test]
    public void The_Hessian_is_the_derivative_of_the_gradient(
        [ValueSource(nameof(Shapes))] Network network, [Values] bool classes, [Values(Reduction.Mean, Reduction.Sum)] Reduction reduction)
    {
        var (model, data) = Nets.Random(network, 7, 11, classes);
        var loss = classes ? Loss.CrossEntropy : Loss.SquaredError;
        using var engine = Engine.Open();
        double[] GradientAt(double[] theta)
        {
            using var near = engine.Linearise<double>(new(network, theta), data, loss, new() { Reduction = reduction });
            return near.Gradient();
        }

        using var at = engine.Linearise<double>(model, data, loss, new() { Reduction = reduction, ChunkSize = 3 });
        var dense = Nets.Dense(at.Hessian);
        const double Step = 1e-5;
        for (int i = 0; i < model.Parameters.Length; i++)
        {
            var (plus, minus) = ((double[])model.Parameters.Clone(), (double[])model.Parameters.Clone());
            plus[i] += Step;
            minus[i] -= Step;
            var column = GradientAt(plus).Zip(GradientAt(minus), (p, m) => (p - m) / (2 * Step)).ToArray();
            double scale = dense.Enumerate().Max(Math.Abs);
            double difference = column.Zip(dense.Column(i), (f, h) => Math.Abs(f - h)).Max();
            Assert.That(difference, Is.LessThan(1e-7 * scale), $"column {i}");
        }
    }

    [Test]
    public void The_gradient_is_the_derivative_of_the_loss([ValueSource(nameof(Shapes))] Network network, [Values] bool classes)
    {
        var (model, data) = Nets.Random(network, 7, 12, classes);
        var loss = classes ? Loss.CrossEntropy : Loss.SquaredError;
        using var engine = Engine.Open();
        double LossAt(double[] theta)
        {
            using var near = engine.Linearise<double>(new(network, theta), data, loss);
            return near.Loss;
        }

        using var at = engine.Linearise<double>(model, data, loss);
        var differences = new double[model.Parameters.Length];
        for (int i = 0; i < differences.Length; i++)
        {
            var (plus, minus) = ((double[])model.Parameters.Clone(), (double[])model.Parameters.Clone());
            plus[i] += 1e-5;
            minus[i] -= 1e-5;
            differences[i] = (LossAt(plus) - LossAt(minus)) / 2e-5;
        }

        Close.Check(at.Gradient(), differences, 1e-8, "gradient");
    }

    [Test]
    public void The_Gram_operator_is_J_times_its_transpose()
    {
        var net = Nets.ByName("ce-three-hidden");
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 4 });
        int rows = (int)at.Jacobian.Rows, columns = (int)at.Jacobian.Columns;
        using var units = engine.Backend.Allocate<double>((long)rows * rows);
        using var transposed = engine.Backend.Allocate<double>((long)rows * columns);
        for (int i = 0; i < rows; i++)
        {
            engine.Backend.Write<double>([1], units.Slice(((long)i * rows) + i, 1));
        }

        at.Jacobian.ApplyTransposeBlock(units.Matrix(rows, rows), transposed.Matrix(rows, columns));
        var j = Matrix<double>.Build.DenseOfRowMajor(rows, columns, Nets.Read(engine.Backend, transposed.All));
        var gram = Nets.Dense(at.Jacobian.Gram);
        Assert.That((gram - (j * j.Transpose())).InfinityNorm(), Is.LessThan(1e-12 * gram.InfinityNorm()));
    }

    private static void Compare(Matrix<double> whole, IReadOnlyList<(string Layer, CurvatureOperator<double> Block)> layers)
    {
        int offset = 0;
        foreach (var (layer, block) in layers)
        {
            int size = (int)block.Dimension;
            var expected = whole.SubMatrix(offset, size, offset, size);
            double difference = (Nets.Dense(block) - expected).Enumerate().Max(Math.Abs);
            Assert.That(difference, Is.LessThan(1e-13 * whole.InfinityNorm()), $"{block.Name} of layer {layer}");
            offset += size;
        }

        Assert.That(offset, Is.EqualTo(whole.RowCount));
    }
}
