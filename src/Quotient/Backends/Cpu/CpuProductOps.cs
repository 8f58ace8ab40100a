using Quotient.Backends.Cpu.Binary;
using Quotient.Backends.Cpu.Convolutions;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu;

/// <summary>Products, by what their factors are read from.</summary>
internal sealed unsafe class CpuProductOps<T>(WorkerPool pool, Scratch scratch) : IProductOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly BinaryMultiplier<T> _binary = new(SignKernels.Best, MixedKernels<T>.Best, pool, scratch);
    private readonly Convolver<T> _convolver = new(Kernels<T>.Best, pool, scratch);
    private readonly Multiplier<T> _multiplier = new(Kernels<T>.Best, pool, scratch);

    /// <summary>One for each thread, that works alone.</summary>
    private readonly Multiplier<T>[] _multipliers =
        [.. Enumerable.Range(0, pool.Threads).Select(_ => new Multiplier<T>(Kernels<T>.Best, WorkerPool.None, new Scratch(1)))];

    public void Multiply(in Product<T> product)
    {
        switch (product.A.Reader, product.B.Reader)
        {
            case (Reader.Signs, Reader.Signs):
                _binary.Multiply(T.CreateTruncating(product.Alpha), new(product.A.Signs), new(product.B.Signs), new(product.C.First));
                break;
            case (Reader.Patches or Reader.BackPatches, _) or (_, Reader.Patches):
                _convolver.Multiply(product);
                break;
            case (_, Reader.Signs):
                _binary.Multiply(StridedProduct<T>.Of(product, 0), new(product.B.Signs));
                break;
            case var _ when product.IsPair:
                MultiplyPair(product);
                break;
            default:
                MultiplyMembers(product);
                break;
        }
    }

    private void MultiplyPair(in Product<T> pair)
    {
        var c = pair.C;
        var (first, second) = (pair.First, pair.Second);
        if (c.Count > 1 && !WorkerPool.IsWorthThreads(2.0 * c.First.Rows * c.First.Columns * pair.B.Values.First.Rows))
        {
            // Small members are better dealt to the threads than joined.
            MultiplyMembers(first with { Epilogue = default });
            MultiplyMembers(second with { Beta = 1 });
            return;
        }

        for (int member = 0; member < c.Count; member++)
        {
            _multiplier.Multiply(StridedProduct<T>.Of(first, member), StridedProduct<T>.Of(second, member));
        }
    }

    private void MultiplyMembers(in Product<T> product)
    {
        var first = StridedProduct<T>.Of(product, 0);
        int count = product.C.Count;
        if (count > 1 && IsOneTallProduct(product))
        {
            first.Rows *= count;
            count = 1;
        }

        var strides = new Strides(
            (nint)product.A.Values.Step, (nint)product.B.Values.Step, (nint)product.C.Step, (nint)product.Epilogue.BiasStep);
        double operations = first.Operations;
        if (WorkerPool.IsWorthDealing(count, operations))
        {
            pool.Run(new MemberParts<T>(first, strides, count, _multipliers));
            return;
        }

        for (int member = 0; member < count; member++)
        {
            _multiplier.Multiply(strides.Member(first, member));
        }
    }

    /// <summary>Whether the members share B and lie under each other in A and C, so that all are one product.</summary>
    private static bool IsOneTallProduct(in Product<T> p)
    {
        var (a, c) = (p.A.Values, p.C);
        return p.A.Transpose == Transpose.No && p.B.Values.Step == 0 && !p.Epilogue.HasMask
            && (!p.Epilogue.HasBias || p.Epilogue.BiasStep == 0)
            && a.Step == a.First.Rows * a.First.Stride && c.Step == c.First.Rows * c.First.Stride;
    }
}
