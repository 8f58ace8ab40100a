using Quotient.Backends.Cpu.Binary;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Vectors, with the widest instructions of the machine and all threads where that pays.</summary>
internal sealed unsafe class CpuVectorOps<T>(WorkerPool pool, Scratch scratch) : IVectorOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NarrowColumns = 32, RowsOfFold = 8;

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        // An operand that f does not read is another one, whose elements are at hand.
        T* target = z.Pointer(), first = f.Reads.HasFlag(Reads.X) ? x.Pointer() : target;
        T* second = f.Reads.HasFlag(Reads.Y) ? y.Pointer() : first;
        T scalar = T.CreateTruncating(s);
        long period = f.Reads.HasFlag(Reads.TiledX) ? x.Length : z.Length;
        for (long done = 0; done < z.Length; done += period)
        {
            ElementMaps<T>.Run(f, pool, scalar, first, second + done, target + done, period);
        }
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        // Narrow rows that lie next to each other are summed some at once, as one that fills vectors.
        long fold = x.Stride == x.Columns && x.Columns < NarrowColumns ? RowsOfFold : 1, rest = x.Rows % fold;
        MatrixPointer<T> folded = new(x with { Rows = x.Rows / fold, Columns = x.Columns * fold, Stride = x.Stride * fold }), last = new(x.RowRange(x.Rows - rest, rest));
        long addends = SumRowsParts<T>.CountOf(folded.Rows) * fold, all = addends + SumRowsParts<T>.CountOf(rest);
        double* partial = scratch.Shared<double>(all * x.Columns);
        pool.Run(new SumRowsParts<T>(folded, partial));
        pool.Run(new SumRowsParts<T>(last, partial + (addends * x.Columns)));
        T* target = result.Pointer();
        for (long j = 0; j < x.Columns; j++)
        {
            double sum = beta == 0 ? 0 : beta * double.CreateTruncating(target[j]);
            target[j] = T.CreateTruncating(sum + Parts.Sum(partial + j, all, x.Columns));
        }
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y) =>
        Rows.Run(pool, scratch, y, new GatherMap<T>(new(x), indices.Pointer(), new(y)));

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        int* source = x.Pointer(), at = indices.Pointer(), target = y.Pointer();
        for (long i = 0; i < y.Length; i++)
        {
            target[i] = source[at[i]];
        }
    }
}

/// <summary>Inner products and products with a basis.</summary>
internal sealed unsafe class CpuBasisOps<T>(WorkerPool pool, Scratch scratch) : IBasisOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result)
    {
        int count = Parts.Count<T>(x.Length);
        double* partial = scratch.Shared<double>(count);
        pool.Run(new InnerParts<T>(x.Pointer(), y.Pointer(), x.Length, partial));
        *result.Pointer() = Parts.Sum(partial, count);
    }

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        double root = Math.Sqrt(*s.Pointer());
        T* source = x.Pointer(), target = y.Pointer();
        if (root == 0)
        {
            ElementMaps<T>.Run<FillMap<T>>(pool, T.Zero, source, source, target, y.Length);
        }
        else
        {
            ElementMaps<T>.Run<DivideMap<T>>(pool, T.CreateTruncating(root), source, source, target, y.Length);
        }
    }

    public void RowSquares(MatrixView<T> x, VectorView<T> result) =>
        Rows.Run(pool, scratch, x, new RowSquaresMap<T>(new(x), result.Pointer()));

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        long k = basis.Rows;
        int blocks = BasisBlocks.Count(w.Length);
        double* partial = scratch.Shared<double>(blocks * k), target = c.Pointer();
        pool.Run(new ProjectParts<T>(basis.Pointer(), k, basis.Stride, w.Pointer(), w.Length, partial));
        for (long row = 0; row < k; row++)
        {
            target[row] = Parts.Sum(partial + row, blocks, k);
        }
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w) =>
        pool.Run(new DeflateParts<T>(basis.Pointer(), basis.Rows, basis.Stride, c.Pointer(), w.Pointer(), w.Length, scratch));

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation) =>
        pool.Run(new RotateParts<T>(new(basis), new(rotation), Kernels<double>.Best, scratch));
}

/// <summary>Losses and their derivatives.</summary>
internal sealed unsafe class CpuLossOps<T>(WorkerPool pool, Scratch scratch) : ILossOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss) =>
        *loss.Pointer() += SumRows(z, new SoftmaxMap<T>(new(z), labels.Pointer(), smoothing, new(p)));

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g) =>
        SumRows(g, new SoftmaxGradientMap<T>(new(p), labels.Pointer(), smoothing, new(g)));

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y) =>
        SumRows(y, new SoftmaxHessianMap<T>(new(p), scale, new(x), new(y)));

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y) =>
        SumRows(y, new SoftmaxFactorsMap<T>(new(p), scale, first, new(y)));

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss) =>
        *loss.Pointer() += SumRows(z, new SquaredErrorMap<T>(new(z), new(targets), new(r)));

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y) =>
        SumRows(y, new RowOuterMap<T>(new(g), scale, new(x), new(y)));

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count) =>
        *count.Pointer() += SumRows(z, new ErrorMap<T>(new(z), labels.Pointer()));

    private double SumRows<TMap>(MatrixView<T> shape, TMap map) where TMap : struct, IRowMap =>
        Rows.Run(pool, scratch, shape, map);
}

/// <summary>Signs to bits and back.</summary>
internal sealed class CpuBitOps<T>(WorkerPool pool, Scratch scratch) : IBitOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        T limit = T.CreateTruncating(threshold);
        if (transpose == Transpose.No)
        {
            Rows.Run(pool, scratch, x, new PackRowMap<T>(new(x), limit, new(bits)));
        }
        else
        {
            pool.Run(new PackColumnsParts<T>(new(x), limit, new(bits)));
        }
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y) =>
        Rows.Run(pool, scratch, y, new UnpackRowMap<T>(new(bits), new(y)));
}

/// <summary>Random vectors.</summary>
internal sealed unsafe class CpuRandomOps<T>(WorkerPool pool) : IRandomOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) =>
        pool.Run(new RademacherParts<T>(seed, stream, x.Pointer(), x.Length));

    public void Normal(ulong seed, ulong stream, VectorView<T> x) =>
        pool.Run(new NormalParts<T>(seed, stream, x.Pointer(), x.Length));

    public void Flip(ulong seed, ulong stream, double probability, VectorView<T> x) =>
        pool.Run(new FlipParts<T>(seed, stream, Philox.Limit(probability), x.Pointer(), x.Length));
}

/// <summary>Steps of optimisers.</summary>
internal sealed unsafe class CpuStepOps<T>(WorkerPool pool) : IStepOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov) =>
        pool.Run(new StepParts<T, MomentumStep<T>>(
            theta.Pointer(), gradient.Pointer(), momentum.Pointer(), null, theta.Length, new(rate, mu, decay, nesterov)));

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t) =>
        pool.Run(new StepParts<T, AdamStep<T>>(
            theta.Pointer(), gradient.Pointer(), m.Pointer(), v.Pointer(), theta.Length, new(coefficients, t)));
}
