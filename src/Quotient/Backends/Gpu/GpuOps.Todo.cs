using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>To be written.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Gemm(Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b, double beta, MatrixBatch<T> c, Epilogue<T> epilogue) => throw new NotImplementedException();

    public void GemmPair(Transpose transposeA, Transpose transposeB, MatrixBatch<T> a, MatrixBatch<T> b, MatrixBatch<T> a2, MatrixBatch<T> b2, double beta, MatrixBatch<T> c, Epilogue<T> epilogue) => throw new NotImplementedException();
}
