using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Dense products and those with a basis.</summary>
internal sealed unsafe partial class CpuOps<T>
{
    public void Gemm(
        Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b, double beta,
        MatrixBatch<T> c, Epilogue<T> epilogue)
    {
        var product = Product<T>.Of(transposeA, transposeB, alpha, a.First, b.First, beta, c.First, epilogue);
        int count = c.Count;
        if (count > 1 && IsOneTallProduct(transposeA, a, b, c, epilogue))
        {
            product.Rows *= count;
            count = 1;
        }

        MultiplyMembers(product, count, new((nint)a.Step, (nint)b.Step, (nint)c.Step, (nint)epilogue.BiasStep));
        Hold(a.First, b.First);
        GC.KeepAlive(c.First.Buffer);
        GC.KeepAlive(epilogue.Bias.Buffer);
        GC.KeepAlive(epilogue.Mask.Buffer);
    }

    public void GemmPair(
        Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b, MatrixBatch<T> a2,
        MatrixBatch<T> b2, double beta, MatrixBatch<T> c, Epilogue<T> epilogue)
    {
        if (c.Count > 1 && !Multiplier<T>.IsWorthThreads(2.0 * c.First.Rows * c.First.Columns * b.First.Rows))
        {
            // Small members are better dealt to the threads than joined.
            Gemm(transposeA, transposeB, alpha, a, b, beta, c, default);
            Gemm(transposeA, transposeB, alpha, a2, b2, 1, c, epilogue);
            return;
        }

        for (int member = 0; member < c.Count; member++)
        {
            var biased = epilogue.HasBias ? epilogue with { Bias = epilogue.BiasOf(member) } : epilogue;
            _multiplier.Multiply(
                Product<T>.Of(transposeA, transposeB, alpha, a[member], b[member], beta, c[member], biased),
                Product<T>.Of(transposeA, transposeB, alpha, a2[member], b2[member], beta, c[member], biased));
        }

        Hold(a.First, b.First);
        Hold(a2.First, b2.First);
        GC.KeepAlive(c.First.Buffer);
        GC.KeepAlive(epilogue.Bias.Buffer);
        GC.KeepAlive(epilogue.Mask.Buffer);
    }

    private void MultiplyMembers(in Product<T> first, int count, Strides strides)
    {
        double operations = first.Operations;
        if (count > 1 && !Multiplier<T>.IsWorthThreads(operations) && Multiplier<T>.IsWorthThreads(count * operations))
        {
            var parts = new MemberParts<T>(first, strides, _multipliers);
            pool.Run(ref parts, count);
            return;
        }

        for (int member = 0; member < count; member++)
        {
            _multiplier.Multiply(strides.Member(first, member));
        }
    }

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        RequireSame(w.Length, basis.Columns);
        RequireSame(c.Length, basis.Rows);
        long k = basis.Rows;
        int blocks = BasisBlocks.Count(w.Length);
        double* partial = scratch.Shared<double>(blocks * k), target = c.Pointer();
        var parts = new ProjectParts<T>(basis.Pointer(), k, basis.Stride, w.Pointer(), w.Length, partial);
        pool.Run(ref parts, blocks);
        for (long row = 0; row < k; row++)
        {
            double sum = 0;
            for (long block = 0; block < blocks; block++)
            {
                sum += partial[(block * k) + row];
            }

            target[row] = sum;
        }

        Hold(basis, w);
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w)
    {
        RequireSame(w.Length, basis.Columns);
        RequireSame(c.Length, basis.Rows);
        var parts = new DeflateParts<T>(basis.Pointer(), basis.Rows, basis.Stride, c.Pointer(), w.Pointer(), w.Length, scratch);
        pool.Run(ref parts, parts.Count);
        Hold(basis, w);
        GC.KeepAlive(c.Buffer);
    }

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        RequireSame(rotation.Rows, basis.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rotation.Columns, basis.Rows, nameof(rotation));
        var parts = new RotateParts<T>(new(basis), new(rotation), Kernels<double>.Best, scratch);
        pool.Run(ref parts, parts.Count);
        GC.KeepAlive(basis.Buffer);
        GC.KeepAlive(rotation.Buffer);
    }

    /// <summary>Whether the members share B and lie under each other in A and C, so that all are one product.</summary>
    private static bool IsOneTallProduct(
        Transpose transposeA, MatrixBatch<T> a, MatrixBatch<T> b, MatrixBatch<T> c, Epilogue<T> epilogue) =>
        transposeA == Transpose.No && b.Step == 0 && !epilogue.HasMask && (!epilogue.HasBias || epilogue.BiasStep == 0)
        && a.Step == a.First.Rows * a.First.Stride && c.Step == c.First.Rows * c.First.Stride;
}
