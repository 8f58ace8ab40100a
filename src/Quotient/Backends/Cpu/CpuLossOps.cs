using System.Numerics;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Losses and their derivatives.</summary>
internal sealed unsafe class CpuLossOps<T>(WorkerPool pool, Scratch scratch) : ILossOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss) =>
        *loss.Pointer() += SumRows(z, new SoftmaxMap<T>(new(z), labels.Pointer(), smoothing, new(p)));

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g) =>
        SumRows(g, new SoftmaxGradientMap<T>(new(p), labels.Pointer(), smoothing, new(g)));

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y) =>
        SumRows(y, new SoftmaxHessianMap<T>(new(p), T.CreateTruncating(scale), new(x), new(y)));

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y) =>
        SumRows(y, new SoftmaxFactorsMap<T>(new(p), T.CreateTruncating(scale), first, new(y)));

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss) =>
        *loss.Pointer() += SumRows(z, new SquaredErrorMap<T>(new(z), new(targets), new(r)));

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y) =>
        SumRows(y, new RowOuterMap<T>(new(g), scale, new(x), new(y)));

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count) =>
        *count.Pointer() += SumRows(z, new ErrorMap<T>(new(z), labels.Pointer()));

    private double SumRows<TMap>(MatrixView<T> shape, TMap map) where TMap : struct, IRowMap =>
        Rows.Run(pool, scratch, shape, map);
}
