using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Element-wise operations and products by the kernels that there are.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        switch (f.Name)
        {
            case "Fill":
                Fill(z, s);
                break;
            case "Copy":
                Copy(x, z);
                break;
            case "Scale":
                Scale(s, z);
                break;
            case "Axpy":
                Axpy(s, x, z);
                break;
            case "AddSquares":
                AddSquares(x, z);
                break;
            case "Mask":
                Mask(x, y, z);
                break;
            case "Relu":
                Relu(x, z);
                break;
            case "Clamp":
                Clamp(x, s, z);
                break;
            case "Sign":
                Sign(x, s, z);
                break;
            case "MaskNear":
                MaskNear(x, s, y, z);
                break;
            case "ScaleByMagnitude":
                ScaleByMagnitude(x, s, y, z);
                break;
            default:
                throw new NotSupportedException($"there is no kernel for {f}");
        }
    }

    public void Multiply(in Product<T> p)
    {
        var (a, b) = (p.A, p.B);
        switch (a.Reader, b.Reader)
        {
            case (Reader.Signs, _):
                SignProduct(p.Alpha, a.Signs, b.Signs, p.C.First);
                break;
            case (_, Reader.Signs):
                MixedProduct(a.Transpose, p.Alpha, a.Values.First, b.Signs, p.Beta, p.C.First);
                break;
            default:
                Multiply(
                    a.Transpose, b.Transpose, p.Alpha, a.Values, b.Values, p.IsPair ? (p.A2.Values, p.B2.Values) : null, p.Beta, p.C,
                    p.Epilogue);
                break;
        }
    }
}
