using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Cases;

namespace Quotient.Tests.Linearisation;

/// <summary>
/// Random residual graphs against PyTorch in float64, on every device: several skip lengths, nested and repeated readers, sums of
/// three, ReLUs behind sums, sums as outputs.
/// </summary>
public class ResidualTests
{
    private static readonly IReadOnlyList<ResidualCase> Golden = ResidualCase.ReadAll(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "residual", "residual.json"));

    private static IEnumerable<TestCaseData> Graphs() =>
        Golden.Select((net, index) => new TestCaseData(net).SetArgDisplayNames($"{index}", net.ToString()));

    private static IEnumerable<TestCaseData> GraphsOnDevices() =>
        from device in Nets.Devices
        from graph in Golden.Index()
        select new TestCaseData(graph.Item, device).SetArgDisplayNames($"{graph.Index}", graph.Item.ToString(), device);

    [Test]
    public void There_are_forty_graphs_or_more_and_each_has_a_sum() =>
        Assert.That(Golden.Count(net => net.Nodes.Any(node => node.Type == "sum")), Is.GreaterThanOrEqualTo(40));

    [TestCaseSource(nameof(GraphsOnDevices))]
    public void Double_agrees_with_PyTorch(ResidualCase net, string device) => Compare<double>(net, device, 1e-10);

    [TestCaseSource(nameof(GraphsOnDevices))]
    public void Single_agrees_with_PyTorch(ResidualCase net, string device) => Compare<float>(net, device, 1e-4);

    [TestCaseSource(nameof(Graphs))]
    public void Chunks_and_recomputed_chunks_and_blocks_are_parts_of_one_Hessian(ResidualCase net)
    {
        using var engine = Engine.Open("cpu");
        using var whole = engine.Linearise<double>(net.Model, net.Data, net.LossKind);
        using var chunked = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 3 });
        using var recomputed = engine.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 3, MemoryBudget = 1 });
        Assert.That((chunked.IsResident, recomputed.IsResident), Is.EqualTo((true, false)));
        Matrix<double> dense = Nets.Dense(whole.Hessian), inChunks = Nets.Dense(chunked.Hessian);
        Assert.That((dense - dense.Transpose()).InfinityNorm(), Is.LessThanOrEqualTo(1e-12 * dense.InfinityNorm()), "symmetry");
        Assert.That((inChunks - dense).InfinityNorm(), Is.LessThanOrEqualTo(1e-12 * dense.InfinityNorm()), "chunks");
        Assert.That(Nets.Dense(recomputed.Hessian), Is.EqualTo(inChunks), "recomputed to the same bits");
        Assert.That(recomputed.Gradient(), Is.EqualTo(chunked.Gradient()));
        Assert.That(recomputed.Hessian.Trace(), Is.EqualTo(chunked.Hessian.Trace()));
        int offset = 0;
        foreach (var (layer, block) in whole.Hessian.Layers)
        {
            int size = (int)block.Dimension;
            var difference = Nets.Dense(block) - dense.SubMatrix(offset, size, offset, size);
            Assert.That(difference.InfinityNorm(), Is.LessThanOrEqualTo(1e-12 * dense.InfinityNorm()), $"layer {layer}");
            offset += size;
        }

        Assert.That(offset, Is.EqualTo(dense.RowCount));
    }

    [Test]
    public void The_Hessian_is_the_derivative_of_the_gradient([Range(0, 47, 6)] int index)
    {
        var net = Golden[index];
        using var engine = Engine.Open("cpu");
        using var at = engine.Linearise<double>(net.Model, net.Data, net.LossKind);
        const double Step = 1e-6;
        double[] Gradient(double step)
        {
            at.MoveTo(new(net.Model.Network, [.. net.Theta.Zip(net.V, (x, v) => x + (step * v))], Precision.Double));
            return at.Gradient();
        }

        double[] difference = [.. Gradient(Step).Zip(Gradient(-Step), (plus, minus) => (plus - minus) / (2 * Step))];
        Close.Check(difference, net.HessianProduct, 1e-6, "finite difference");
    }

    [Test]
    public void A_linearisation_copied_to_another_backend_keeps_its_graph([Range(1, 47, 9)] int index)
    {
        var net = Golden[index];
        using var engine = Engine.Open("cpu");
        using var reference = Engine.Open("reference");
        using var original = reference.Linearise<double>(net.Model, net.Data, net.LossKind, new() { ChunkSize = 3 });
        using var copy = original.CopyTo(engine.Backend);
        Close.Check(copy.Hessian.Apply(net.V), net.HessianProduct, 1e-10, "Hessian");
        Close.Check(copy.Gradient(), net.Gradient, 1e-10, "gradient");
    }

    private static void Compare<T>(ResidualCase net, string device, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<T>(net.Model, net.Data, net.LossKind);
        var v = NetCase.Cast<T>(net.V);
        using var diagonal = at.Backend.Allocate<T>(at.Dimension);
        Assert.Multiple(() =>
        {
            Assert.That(at.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
            Close.Check(at.Gradient(), net.Gradient, tolerance, "gradient");
            Close.Check(at.Hessian.Apply(v), net.HessianProduct, tolerance, "Hessian");
            Close.Check(at.GaussNewton.Apply(v), net.GaussNewtonProduct, tolerance, "Gauss-Newton");
            at.Hessian.Diagonal(diagonal.All);
            Close.Check(Nets.Read(at.Backend, diagonal.All), net.Diagonal, tolerance, "diagonal of the Hessian");
            at.GaussNewton.Diagonal(diagonal.All);
            Close.Check(Nets.Read(at.Backend, diagonal.All), net.Diagonal, tolerance, "diagonal of Gauss-Newton");
            Assert.That(at.Hessian.Trace(), Is.EqualTo(net.Trace).Within(tolerance * net.Trace), "trace");
        });
    }
}
