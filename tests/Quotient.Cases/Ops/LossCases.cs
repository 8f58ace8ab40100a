namespace Quotient.Cases.Ops;

/// <summary>An operation on N × C outputs of a net.</summary>
public enum LossOperation
{
    SoftmaxCrossEntropy,
    SmoothedCrossEntropy,
    SoftmaxGradient,
    SmoothedGradient,
    SoftmaxHessian,
    SoftmaxHessianInPlace,
    SoftmaxFactors,
    LastSoftmaxFactor,
    SquaredError,
    RowOuter,
    RowOuterInPlace,
    CountErrors,
    CountErrorsAmongTies,
}

/// <summary>The losses and their derivatives.</summary>
public sealed class LossCase(LossOperation operation, long samples, long classes, int stacked = 1)
    : OpCase(operation.ToString(), $"{samples} × {classes}, {stacked} stacked")
{
    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var ops = s.Ops;
        long rows = samples * stacked;
        var labels = s.Indices(samples, (int)classes);
        double smoothing = operation is LossOperation.SmoothedCrossEntropy or LossOperation.SmoothedGradient ? 0.1 : 0;
        return operation switch
        {
            LossOperation.SoftmaxCrossEntropy or LossOperation.SmoothedCrossEntropy => Call(
                s.Input(samples, classes), s.Output(samples, classes), s.DoubleInOut(1),
                (z, p, loss) => ops.SoftmaxCrossEntropy(z, labels, smoothing, p, loss)),
            LossOperation.SoftmaxGradient or LossOperation.SmoothedGradient => Call(
                s.Distributions(samples, classes), s.Output(samples, classes),
                (p, g) => ops.SoftmaxGradient(p, labels, smoothing, g)),
            LossOperation.SoftmaxHessian => Call(
                s.Distributions(samples, classes), s.Input(rows, classes), s.Output(rows, classes, 0.1),
                (p, x, y) => ops.SoftmaxHessian(p, 0.25, x, y)),
            LossOperation.SoftmaxHessianInPlace => Call(
                s.Distributions(samples, classes), s.InOut(rows, classes), (p, x) => ops.SoftmaxHessian(p, 0.25, x, x)),
            LossOperation.SoftmaxFactors => Call(
                s.Distributions(samples, classes), s.Output(samples * classes, classes),
                (p, y) => ops.SoftmaxFactors(p, 0.25, 0, y)),
            LossOperation.LastSoftmaxFactor => Call(
                s.Distributions(samples, classes), s.Output(samples, classes),
                (p, y) => ops.SoftmaxFactors(p, 0.25, (int)classes - 1, y)),
            LossOperation.SquaredError => Call(
                s.Input(samples, classes), s.Input(samples, classes), s.Output(samples, classes), s.DoubleInOut(1),
                ops.SquaredError),
            LossOperation.RowOuter => Call(
                s.Input(samples, classes), s.Input(rows, classes), s.Output(rows, classes),
                (g, x, y) => ops.RowOuter(g, 0.25, x, y)),
            LossOperation.RowOuterInPlace => Call(
                s.Input(samples, classes), s.InOut(rows, classes), (g, x) => ops.RowOuter(g, 0.25, x, x)),
            LossOperation.CountErrors => Call(
                s.Input(samples, classes), s.DoubleInOut(1), (z, count) => ops.CountErrors(z, labels, count)),
            _ => Call(s.Levels(samples, classes), s.DoubleInOut(1), (z, count) => ops.CountErrors(z, labels, count)),
        };
    }
}
