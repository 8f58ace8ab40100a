using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>What a batch's outputs are compared with: labels, targets, or both.</summary>
/// <param name="Labels">The class of each sample, where there are classes.</param>
/// <param name="Values">N × C, where the loss reads them.</param>
public readonly record struct Targets<T>(VectorView<int>? Labels, MatrixView<T>? Values) where T : unmanaged;

/// <summary>A loss at fixed outputs: its value, gradient, Hessian and the Hessian's factors, sample by sample.</summary>
public abstract class LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>saved ← what the other methods need, N × C; loss[0] ← loss[0] + Σ_n ℓ_n.</summary>
    public abstract void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss);

    /// <summary>g ← s·∂ℓ_n/∂z_n, row by row.</summary>
    public abstract void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g);

    /// <summary>Y ← s·∂²ℓ_n/∂z_n² X, row by row, for k stacked X.</summary>
    public abstract void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y);

    /// <summary>Y ← stacked N × C matrices F_c, c = first, first + 1, …; over all classes Σ_c F_c,n F_c,nᵀ = s·∂²ℓ_n/∂z_n².</summary>
    public abstract void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y);
}
