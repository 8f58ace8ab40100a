namespace Quotient.Backends.Gpu;

/// <summary>Losses and their derivatives.</summary>
internal sealed class GpuLossOps<T>(Launcher<T> launcher) : ILossOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Softmax = "loss/softmax", Squares = "loss/squares";

    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss) =>
        launcher.SumOverRows(Softmax, "softmax_cross_entropy", z.Rows, z.Columns, new() { z, labels, p, smoothing }, loss);

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g) =>
        launcher.Rows(Softmax, "softmax_gradient", p.Rows, p.Columns, new() { p, labels, g, smoothing / p.Columns });

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y) =>
        launcher.Rows(Softmax, "softmax_hessian", x.Rows, x.Columns, new() { p, p.Rows, scale, x, y });

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y) =>
        launcher.Rows(Softmax, "softmax_factors", y.Rows, y.Columns, new() { p, p.Rows, scale, (long)first, y });

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss) =>
        launcher.SumOverRows(Squares, "squared_error", z.Rows, z.Columns, new() { z, targets, r }, loss);

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y) =>
        launcher.Rows(Squares, "row_outer", x.Rows, x.Columns, new() { g, g.Rows, scale, x, y });

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count) =>
        launcher.SumOverRows(Softmax, "count_errors", z.Rows, z.Columns, new() { z, labels }, count);
}
