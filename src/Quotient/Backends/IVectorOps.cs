using System.Numerics;

namespace Quotient.Backends;

/// <summary>Element by element, sums of rows, and the choice of rows.</summary>
public interface IVectorOps<T> : IOpFamily where T : unmanaged, INumberBase<T>
{
    /// <summary>
    /// z_i ← f(s, x_i, y_i), for every f of <see cref="LinearElements{T}"/> and <see cref="RealElements{T}"/>: called by their names, as
    /// <c>ops.Axpy(alpha, x, y)</c>. z may be x or y; operands that f does not read are left out.
    /// </summary>
    void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z);

    /// <summary>out_j ← Σ_i x_ij + β·out_j, the bias gradient. Shapes: x N × n, out n.</summary>
    void SumRows(MatrixView<T> x, double beta, VectorView<T> result);

    /// <summary>Y_i ← X_(indices_i), whole rows.</summary>
    void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y);

    /// <summary>y_i ← x_(indices_i).</summary>
    void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y);
}
