using Quotient.Backends.Reference;

namespace Quotient.Backends.Cpu;

/// <summary>The operations of binary networks.</summary>
internal sealed unsafe partial class CpuOps<T>
{
    private readonly ReferenceOps<T> _plain = new();

    public void Sign(VectorView<T> x, double threshold, VectorView<T> y) => _plain.Sign(x, threshold, y);

    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits) =>
        _plain.PackSigns(transpose, x, threshold, bits);

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y) => _plain.UnpackSigns(bits, y);

    public void SignProduct(double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c) => _plain.SignProduct(alpha, a, b, c);

    public void MixedProduct(Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c) =>
        _plain.MixedProduct(transpose, alpha, x, b, beta, c);

    public void Clamp(VectorView<T> x, double bound, VectorView<T> y) => _plain.Clamp(x, bound, y);

    public void MaskNear(VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y) => _plain.MaskNear(z, centre, x, y);

    public void ScaleByMagnitude(VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y) =>
        _plain.ScaleByMagnitude(w, eta, x, y);
}
