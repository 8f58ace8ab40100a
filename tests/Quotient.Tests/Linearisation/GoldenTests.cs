using System.Numerics;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Linearisation;

namespace Quotient.Tests.Linearisation;

/// <summary>Every quantity of a linearisation against PyTorch in float64, on every device, whole and in ragged chunks.</summary>
public class GoldenTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from net in Nets.Golden
        from device in Nets.Devices
        from chunk in new[] { 0, 4 }
        select new TestCaseData(net, device, chunk).SetArgDisplayNames(net.Name, device, chunk == 0 ? "whole" : $"chunks of {chunk}");

    [TestCaseSource(nameof(Cases))]
    public void Double_agrees_with_PyTorch(NetCase net, string device, int chunk) => Compare<double>(net, device, chunk, 1e-11);

    [TestCaseSource(nameof(Cases))]
    public void Single_agrees_with_PyTorch(NetCase net, string device, int chunk) => Compare<float>(net, device, chunk, 1e-5);

    private static void Compare<T>(NetCase net, string device, int chunk, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = Engine.Open(device);
        using var at = engine.Linearise<T>(net.Model, net.Data, net.LossKind, new() { ChunkSize = chunk });
        var v = NetCase.Cast<T>(net.V);
        Assert.Multiple(() =>
        {
            Assert.That(at.Loss, Is.EqualTo(net.LossValue).Within(tolerance * net.LossValue));
            Close.Check(at.Gradient(), net.Gradient, tolerance, "gradient");
            Close.Check(at.Hessian.Apply(v), net.HessianProduct, tolerance, "Hessian");
            Close.Check(at.GaussNewton.Apply(v), net.GaussNewtonProduct, tolerance, "Gauss-Newton");
            Close.Check(at.Fisher.Apply(v), net.FisherProduct, tolerance, "Fisher");
            Close.Check(at.EmpiricalFisher.Apply(v), net.EmpiricalFisherProduct, tolerance, "empirical Fisher");
            CompareDiagonals(at, net, tolerance);
            CompareJacobian(at, net, v, tolerance);
        });
    }

    private static void CompareDiagonals<T>(Linearisation<T> at, NetCase net, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var diagonal = at.Backend.Allocate<T>(at.Dimension);
        at.Hessian.Diagonal(diagonal.All);
        Close.Check(Nets.Read(at.Backend, diagonal.All), net.HessianDiagonal, tolerance, "diagonal of the Hessian");
        at.GaussNewton.Diagonal(diagonal.All);
        Close.Check(Nets.Read(at.Backend, diagonal.All), net.GaussNewtonDiagonal, tolerance, "diagonal of Gauss-Newton");
        double trace = net.HessianDiagonal.Sum();
        Assert.That(at.Hessian.Trace(), Is.EqualTo(trace).Within(tolerance * trace), "trace");
    }

    private static void CompareJacobian<T>(Linearisation<T> at, NetCase net, T[] v, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var jacobian = at.Jacobian;
        using var parameters = at.Backend.Allocate<T>(jacobian.Columns);
        using var outputs = at.Backend.Allocate<T>(jacobian.Rows);
        at.Backend.Write<T>(v, parameters.All);
        jacobian.ApplyBlock(parameters.Matrix(1, jacobian.Columns), outputs.Matrix(1, jacobian.Rows));
        Close.Check(Nets.Read(at.Backend, outputs.All), NetCase.Flat(net.JacobianProduct), tolerance, "Jacobian");
        at.Backend.Write<T>(NetCase.Cast<T>(NetCase.Flat(net.U)), outputs.All);
        jacobian.ApplyTransposeBlock(outputs.Matrix(1, jacobian.Rows), parameters.Matrix(1, jacobian.Columns));
        Close.Check(Nets.Read(at.Backend, parameters.All), net.JacobianTransposeProduct, tolerance, "Jacobian transposed");
    }
}
