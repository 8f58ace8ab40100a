using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>To be written.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c) => throw new NotImplementedException();

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w) => throw new NotImplementedException();

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation) => throw new NotImplementedException();

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result) => throw new NotImplementedException();

    public void RowSquares(MatrixView<T> x, VectorView<T> result) => throw new NotImplementedException();

    public void SoftmaxCrossEntropy(MatrixView<T> z, VectorView<int> labels, MatrixView<T> p, VectorView<double> loss) => throw new NotImplementedException();

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, MatrixView<T> g) => throw new NotImplementedException();

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y) => throw new NotImplementedException();

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y) => throw new NotImplementedException();

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss) => throw new NotImplementedException();

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y) => throw new NotImplementedException();

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count) => throw new NotImplementedException();

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y) => throw new NotImplementedException();

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y) => throw new NotImplementedException();

    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) => throw new NotImplementedException();

    public void Normal(ulong seed, ulong stream, VectorView<T> x) => throw new NotImplementedException();

    public void MomentumStep(VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov) => throw new NotImplementedException();

    public void AdamStep(VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t) => throw new NotImplementedException();
}
