using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Losses, their derivatives, and the choice of samples.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Softmax = "loss/softmax", Squares = "loss/squares", Gather = "vector/gather";

    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss)
    {
        RequireSame(labels.Length, z.Rows);
        RequireSameShape(z, p);
        var arguments = default(Arguments);
        arguments.Add(z);
        arguments.Add(labels);
        arguments.Add(p);
        arguments.Add(smoothing);
        SumOverRows(Softmax, "softmax_cross_entropy", z.Rows, z.Columns, arguments, loss);
    }

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g)
    {
        RequireSame(labels.Length, p.Rows);
        RequireSameShape(p, g);
        var arguments = default(Arguments);
        arguments.Add(p);
        arguments.Add(labels);
        arguments.Add(g);
        arguments.Add(1 - smoothing + (smoothing / p.Columns));
        arguments.Add(smoothing / p.Columns);
        LaunchRows(Softmax, "softmax_gradient", p.Rows, p.Columns, arguments);
    }

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y) =>
        LaunchStacked(Softmax, "softmax_hessian", p, scale, x, y);

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y)
    {
        RequireStacked(p, y);
        var arguments = default(Arguments);
        arguments.Add(p);
        arguments.Add(p.Rows);
        arguments.Add(scale);
        arguments.Add((long)first);
        arguments.Add(y);
        LaunchRows(Softmax, "softmax_factors", y.Rows, y.Columns, arguments);
    }

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss)
    {
        RequireSameShape(z, targets);
        RequireSameShape(z, r);
        var arguments = default(Arguments);
        arguments.Add(z);
        arguments.Add(targets);
        arguments.Add(r);
        SumOverRows(Squares, "squared_error", z.Rows, z.Columns, arguments, loss);
    }

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y) =>
        LaunchStacked(Squares, "row_outer", g, scale, x, y);

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count)
    {
        RequireSame(labels.Length, z.Rows);
        var arguments = default(Arguments);
        arguments.Add(z);
        arguments.Add(labels);
        SumOverRows(Softmax, "count_errors", z.Rows, z.Columns, arguments, count);
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y)
    {
        RequireSame(indices.Length, y.Rows);
        RequireSame(x.Columns, y.Columns);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(indices);
        arguments.Add(y);
        LaunchRows(Gather, "gather_rows", y.Rows, y.Columns, arguments);
    }

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        RequireSame(indices.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(indices);
        arguments.Add(y);
        arguments.Add(y.Length);
        LaunchEach(Gather, "gather_labels", y.Length, arguments);
    }

    /// <summary>y ← a matrix of each sample · x, scaled, on stacked rows; y may be x.</summary>
    private void LaunchStacked(string file, string kernel, MatrixView<T> samples, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        RequireStacked(samples, x);
        RequireSameShape(x, y);
        var arguments = default(Arguments);
        arguments.Add(samples);
        arguments.Add(samples.Rows);
        arguments.Add(scale);
        arguments.Add(x);
        arguments.Add(y);
        LaunchRows(file, kernel, x.Rows, x.Columns, arguments);
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
}
