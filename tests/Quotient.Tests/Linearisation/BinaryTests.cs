using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Linearisation;
using Quotient.Networks;

namespace Quotient.Tests.Linearisation;

/// <summary>Binary nets and their surrogates against PyTorch in float64, on every device.</summary>
public class BinaryTests
{
    private static readonly IReadOnlyList<BinaryNetCase> Golden =
        BinaryNetCase.ReadAll(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "binary", "binary.json"));

    private static IEnumerable<TestCaseData> Cases() =>
        from net in Golden
        from device in Nets.Devices
        select new TestCaseData(net, device).SetArgDisplayNames(net.Arch, device);

    private static IEnumerable<TestCaseData> SurrogateCases() =>
        from net in Golden
        from surrogate in net.Surrogates.Keys
        from device in Nets.Devices
        select new TestCaseData(net, surrogate, device).SetArgDisplayNames(net.Arch, surrogate, device);

    [TestCaseSource(nameof(Cases))]
    public void Loss_errors_and_straight_through_gradient_agree_with_PyTorch_in_double(BinaryNetCase net, string device) =>
        CompareTraining<double>(net, device, 1e-12);

    [TestCaseSource(nameof(Cases))]
    public void Loss_errors_and_straight_through_gradient_agree_with_PyTorch_in_single(BinaryNetCase net, string device) =>
        CompareTraining<float>(net, device, 1e-5);

    [TestCaseSource(nameof(SurrogateCases))]
    public void Surrogates_agree_with_PyTorch_in_double(BinaryNetCase net, string surrogate, string device) =>
        CompareSurrogate<double>(net, surrogate, device, 1e-11);

    [TestCaseSource(nameof(SurrogateCases))]
    public void Surrogates_agree_with_PyTorch_in_single(BinaryNetCase net, string surrogate, string device) =>
        CompareSurrogate<float>(net, surrogate, device, 1e-5);

    [TestCaseSource(nameof(SurrogateCases))]
    public void The_dense_matrix_of_a_surrogates_products_is_its_Hessian(BinaryNetCase net, string surrogate, string device)
    {
        using var engine = Engine.Open(device);
        using var at = Linearise<double>(engine, net, surrogate);
        var wanted = net.Surrogates[surrogate];
        var dense = Nets.Dense(at.Hessian);
        Assert.That((dense - dense.Transpose()).InfinityNorm(), Is.LessThanOrEqualTo(1e-12 * dense.InfinityNorm()));
        var eigenvalues = dense.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order().ToArray();
        Close.Check(eigenvalues, wanted.HessianEigenvalues, 1e-11, "eigenvalues");
        Assert.That(at.Hessian.Trace(), Is.EqualTo(wanted.HessianDiagonal.Sum()).Within(1e-11 * wanted.HessianDiagonal.Sum()));
    }

    [Test]
    public void Several_parameter_vectors_pass_at_once_as_they_do_one_by_one()
    {
        foreach (var net in Golden)
        {
            using var engine = Engine.Open("cpu");
            double[][] thetas = [.. Enumerable.Range(0, 3).Select(k => Model.Initialise(net.Model.Network, Initialisation.He, (ulong)k).Parameters)];
            var stacked = StraightThrough<double>(engine, net, [.. thetas.SelectMany(theta => theta)], 3);
            for (int k = 0; k < 3; k++)
            {
                var alone = StraightThrough<double>(engine, net, thetas[k], 1);
                int size = alone.Length;
                Close.Check(stacked.AsSpan(k * size, size).ToArray(), alone, 1e-13, $"{net.Arch}, vector {k}");
            }
        }
    }

    [Test]
    public void Curvature_of_a_net_of_signs_is_refused_with_the_names_of_its_surrogates()
    {
        using var engine = Engine.Open("cpu");
        var error = Assert.Throws<QuotientException>(() => engine.Linearise<double>(Golden[0].Model, Golden[0].Data))!;
        Assert.That(error.Message, Does.Contain("piecewise constant").And.Contain("hard-tanh-shadow").And.Contain("hard-tanh-binary"));
        error = Assert.Throws<QuotientException>(() => engine.Linearise<double>(
            Golden[0].Model.AtBinaryWeights(), Golden[0].Data, options: new() { Surrogate = Surrogate.HardTanhAtShadow }))!;
        Assert.That(error.Message, Does.Contain("were not kept"));
        var relu = new Model(Network.Mlp([7, 3]), new double[24]);
        error = Assert.Throws<QuotientException>(() =>
            engine.Linearise<double>(relu, Golden[0].Data, options: new() { Surrogate = Surrogate.HardTanhAtBinary }))!;
        Assert.That(error.Message, Does.Contain("no signs among its activations"));
    }

    private static Linearisation<T> Linearise<T>(Engine engine, BinaryNetCase net, string surrogate)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        engine.Linearise<T>(net.Model, net.Data, options: new() { Surrogate = Surrogates.Parse(surrogate), ChunkSize = 5 });

    private static void CompareSurrogate<T>(BinaryNetCase net, string surrogate, string device, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = Engine.Open(device);
        using var at = Linearise<T>(engine, net, surrogate);
        var wanted = net.Surrogates[surrogate];
        Assert.Multiple(() =>
        {
            Assert.That(at.Model.Parameters, Is.EqualTo(wanted.Theta));
            Assert.That(at.Loss, Is.EqualTo(wanted.LossValue).Within(tolerance * wanted.LossValue));
            Close.Check(at.Gradient(), wanted.Gradient, tolerance, "gradient");
            Close.Check(at.Hessian.Apply(NetCase.Cast<T>(wanted.V)), wanted.HessianProduct, tolerance, "Hessian");
            using var diagonal = at.Backend.Allocate<T>(at.Dimension);
            at.Hessian.Diagonal(diagonal.All);
            Close.Check(Nets.Read(at.Backend, diagonal.All), wanted.HessianDiagonal, tolerance, "diagonal");
        });
    }

    private static void CompareTraining<T>(BinaryNetCase net, string device, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = Engine.Open(device);
        var evaluation = Evaluation.Run<T>(engine, net.Model, net.Data);
        Assert.That(evaluation.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
        Assert.That(evaluation.Error, Is.EqualTo((double)net.Errors / net.Labels.Length));
        Close.Check(StraightThrough<T>(engine, net, net.Theta, 1), net.Gradient, tolerance, "gradient");
    }

    /// <summary>The gradients of the mean loss at k parameter vectors.</summary>
    private static T[] StraightThrough<T>(Engine engine, BinaryNetCase net, double[] thetas, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (backend, data) = (engine.Backend, net.Data);
        using var plan = NetworkPlan<T>.Compile(net.Model.Network, backend);
        using var samples = new DeviceSamples<T>(backend, data, Loss.CrossEntropy, data.Count, 0, default);
        using var values = new SignalSet<T>(backend, plan.Signals.All, data.Count, count);
        using var adjoints = new SignalSet<T>(backend, plan.Signals.Adjoints, data.Count, count);
        using var theta = backend.Allocate<T>(thetas.Length);
        using var gradient = backend.Allocate<T>(thetas.Length);
        using var saved = backend.Allocate<T>((long)data.Count * plan.Classes);
        using var total = backend.Allocate<double>(1);
        backend.Write<T>(NetCase.Cast<T>(thetas), theta.All);
        var (passes, loss) = (new Passes<T>(plan, backend.Ops<T>()), Loss.CrossEntropy.On(backend.Ops<T>()));
        var (batch, last) = (samples.Range(0, data.Count, default), plan.Steps.Count - 1);
        var parameters = theta.Matrix(count, thetas.Length / count);
        var at = new Point<T>(parameters, batch.Inputs, values);
        passes.Forward(at);
        for (int k = 0; k < count; k++)
        {
            var kept = saved.Matrix(data.Count, plan.Classes);
            loss.Evaluate(values[last][k], batch.Targets, kept, total.All);
            loss.Gradient(kept, batch.Targets, 1.0 / data.Count, adjoints[last][k]);
        }

        passes.Backward(plan.Whole, at, adjoints, gradient.Matrix(count, thetas.Length / count), 0);
        return Nets.Read(backend, gradient.All);
    }
}
