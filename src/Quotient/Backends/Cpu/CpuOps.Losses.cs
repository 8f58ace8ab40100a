using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Losses, their derivatives, and the choice of samples.</summary>
internal sealed unsafe partial class CpuOps<T>
{
    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss)
    {
        RequireSame(labels.Length, z.Rows);
        RequireSameShape(z, p);
        *loss.Pointer() += SumRows(z, new SoftmaxMap<T>(new(z), labels.Pointer(), smoothing, new(p)));
        Hold(z, p);
        GC.KeepAlive(labels.Buffer);
    }

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g)
    {
        RequireSame(labels.Length, p.Rows);
        RequireSameShape(p, g);
        SumRows(g, new SoftmaxGradientMap<T>(new(p), labels.Pointer(), smoothing, new(g)));
        Hold(p, g);
        GC.KeepAlive(labels.Buffer);
    }

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        RequireStacked(p, x);
        RequireSameShape(x, y);
        SumRows(y, new SoftmaxHessianMap<T>(new(p), T.CreateTruncating(scale), new(x), new(y)));
        Hold(x, y);
        GC.KeepAlive(p.Buffer);
    }

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y)
    {
        RequireSame(y.Rows % p.Rows, 0);
        RequireSame(y.Columns, p.Columns);
        SumRows(y, new SoftmaxFactorsMap<T>(new(p), T.CreateTruncating(scale), first, new(y)));
        Hold(p, y);
    }

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss)
    {
        RequireSameShape(z, targets);
        RequireSameShape(z, r);
        *loss.Pointer() += SumRows(z, new SquaredErrorMap<T>(new(z), new(targets), new(r)));
        Hold(z, targets);
        GC.KeepAlive(r.Buffer);
    }

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        RequireStacked(g, x);
        RequireSameShape(x, y);
        SumRows(y, new RowOuterMap<T>(new(g), scale, new(x), new(y)));
        Hold(x, y);
        GC.KeepAlive(g.Buffer);
    }

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count)
    {
        RequireSame(labels.Length, z.Rows);
        *count.Pointer() += SumRows(z, new ErrorMap<T>(new(z), labels.Pointer()));
        GC.KeepAlive(z.Buffer);
        GC.KeepAlive(labels.Buffer);
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y)
    {
        RequireSame(indices.Length, y.Rows);
        RequireSame(x.Columns, y.Columns);
        RequireBelow(indices, x.Rows);
        SumRows(y, new GatherMap<T>(new(x), indices.Pointer(), new(y)));
        Hold(x, y);
        GC.KeepAlive(indices.Buffer);
    }

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        RequireSame(indices.Length, y.Length);
        RequireBelow(indices, x.Length);
        int* source = x.Pointer(), at = indices.Pointer(), target = y.Pointer();
        for (long i = 0; i < y.Length; i++)
        {
            target[i] = source[at[i]];
        }

        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(indices.Buffer);
        GC.KeepAlive(y.Buffer);
    }

    /// <summary>Applies a map to all rows of a matrix's shape, and adds up what it returns.</summary>
    private double SumRows<TMap>(MatrixView<T> shape, TMap map) where TMap : struct, IRowMap
    {
        var parts = new RowParts<TMap>(shape.Rows, shape.Columns, map, scratch);
        double* partial = parts.Partial;
        pool.Run(ref parts, parts.Count);
        return Sum(partial, parts.Count);
    }

    private static void RequireSameShape(MatrixView<T> x, MatrixView<T> y)
    {
        RequireSame(y.Rows, x.Rows);
        RequireSame(y.Columns, x.Columns);
    }

    private static void RequireStacked(MatrixView<T> one, MatrixView<T> many)
    {
        RequireSame(many.Columns, one.Columns);
        RequireSame(one.Rows == 0 ? many.Rows : many.Rows % one.Rows, 0);
    }

    private static void RequireBelow(VectorView<int> indices, long count)
    {
        foreach (int index in indices.Span())
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count, nameof(indices));
        }
    }
}
