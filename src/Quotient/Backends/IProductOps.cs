using System.Numerics;

namespace Quotient.Backends;

/// <summary>Products of matrices, whatever their factors are read from.</summary>
public interface IProductOps<T> : IOpFamily where T : unmanaged, INumberBase<T>
{
    /// <summary>
    /// C ← epilogue(α·(A·B + A₂·B₂) + β·C), for each member of C's batch; called by the names in <see cref="ProductCalls"/>, as
    /// <c>ops.Gemm(…)</c>. With β = 0, C is written without being read. What is 0 in a factor may be left out, so that 0·∞ and
    /// 0·NaN may be 0.
    /// </summary>
    void Multiply(in Product<T> product);
}
