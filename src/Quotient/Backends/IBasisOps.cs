using System.Numerics;

namespace Quotient.Backends;

/// <summary>Inner products, and tall-skinny products for re-orthogonalisation; the rows of a basis are its vectors.</summary>
public interface IBasisOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>result[0] ← ⟨x, y⟩.</summary>
    void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result);

    /// <summary>y ← x / √s[0]; y may be x. Where s[0] is 0, y ← 0.</summary>
    void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y);

    /// <summary>out_i ← Σ_j x_ij². Shapes: x N × n, out N.</summary>
    void RowSquares(MatrixView<T> x, VectorView<T> result);

    /// <summary>c ← V w, one dot a row. Shapes: V k × n, w n, c k.</summary>
    void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c);

    /// <summary>w ← w − Vᵀ c. Shapes: V k × n, c k, w n.</summary>
    void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w);

    /// <summary>
    /// The first p rows of V ← Sᵀ V, in place. Shapes: V m × n, S m × p (p ≤ m, row-major). Rows p … m − 1 are left undefined.
    /// </summary>
    void Rotate(MatrixView<T> basis, MatrixView<double> rotation);
}
