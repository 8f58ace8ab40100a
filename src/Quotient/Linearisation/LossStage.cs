using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>What a batch's outputs are compared with: labels, targets, or both.</summary>
internal readonly record struct Targets<T>(VectorView<int>? Labels, MatrixView<T>? Values) where T : unmanaged;

/// <summary>A loss at fixed outputs: its value, gradient, Hessian and the Hessian's factors, sample by sample.</summary>
internal abstract class LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The stage of a loss.</summary>
    public static LossStage<T> Of(Loss loss, IOps<T> ops) =>
        loss == Loss.CrossEntropy ? new SoftmaxLossStage<T>(ops) : new SquaredLossStage<T>(ops);

    /// <summary>saved ← what the other methods need, N × C; loss[0] ← loss[0] + Σ_n ℓ_n.</summary>
    public abstract void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss);

    /// <summary>g ← s·∂ℓ_n/∂z_n, row by row.</summary>
    public abstract void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g);

    /// <summary>Y ← s·∂²ℓ_n/∂z_n² X, row by row, for k stacked X.</summary>
    public abstract void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y);

    /// <summary>Y ← stacked N × C matrices F_c, c = first, first + 1, …; over all classes Σ_c F_c,n F_c,nᵀ = s·∂²ℓ_n/∂z_n².</summary>
    public abstract void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y);
}

/// <summary>Cross-entropy on logits; what is saved is p = softmax(z).</summary>
internal sealed class SoftmaxLossStage<T>(IOps<T> ops) : LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss) =>
        ops.SoftmaxCrossEntropy(z, targets.Labels!.Value, 0, saved, loss);

    public override void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g)
    {
        ops.SoftmaxGradient(saved, targets.Labels!.Value, 0, g);
        ops.Scale(scale, g.AsVector());
    }

    public override void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y) =>
        ops.SoftmaxHessian(saved, scale, x, y);

    public override void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y) =>
        ops.SoftmaxFactors(saved, scale, first, y);
}

/// <summary>½‖z − y‖²; what is saved is the residual z − y.</summary>
internal sealed class SquaredLossStage<T>(IOps<T> ops) : LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss) =>
        ops.SquaredError(z, targets.Values!.Value, saved, loss);

    public override void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g)
    {
        ops.Copy(saved.AsVector(), g.AsVector());
        ops.Scale(scale, g.AsVector());
    }

    public override void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        ops.Copy(x.AsVector(), y.AsVector());
        ops.Scale(scale, y.AsVector());
    }

    /// <summary>The Hessian is s·I whatever the sample, so its factors are the columns of √s·I.</summary>
    public override void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y)
    {
        int rows = (int)saved.Rows, classes = (int)saved.Columns;
        var column = new T[checked(rows * classes)];
        for (int c = 0; c < y.Rows / rows; c++)
        {
            Array.Clear(column);
            for (int n = 0; n < rows; n++)
            {
                column[(n * classes) + first + c] = T.CreateChecked(Math.Sqrt(scale));
            }

            backend.Write<T>(column, y.RowRange((long)c * rows, rows).AsVector());
        }
    }
}
