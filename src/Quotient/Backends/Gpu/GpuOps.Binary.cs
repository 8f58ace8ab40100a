namespace Quotient.Backends.Gpu;

/// <summary>The operations of binary networks.</summary>
internal sealed partial class GpuOps<T>
{
    public void Sign(VectorView<T> x, double threshold, VectorView<T> y) => throw new NotSupportedException();

    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits) => throw new NotSupportedException();

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y) => throw new NotSupportedException();

    public void SignProduct(double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c) => throw new NotSupportedException();

    public void MixedProduct(Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c) =>
        throw new NotSupportedException();

    public void Clamp(VectorView<T> x, double bound, VectorView<T> y) => throw new NotSupportedException();

    public void MaskNear(VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y) => throw new NotSupportedException();

    public void ScaleByMagnitude(VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y) => throw new NotSupportedException();
}
