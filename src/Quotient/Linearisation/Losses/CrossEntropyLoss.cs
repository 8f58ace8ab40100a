using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Linearisation.Losses;

/// <summary>
/// <c>ce</c>: ℓ = −log p_y with p = softmax(z) on logits z. ∂ℓ/∂z = p − onehot(y), ∂²ℓ/∂z² = diag p − p pᵀ.
/// </summary>
public sealed record CrossEntropyLoss : Loss
{
    /// <inheritdoc/>
    public override string Name => "ce";

    /// <inheritdoc/>
    public override bool ReadsTargets => false;

    /// <inheritdoc/>
    public override void Check(Network network, Dataset data)
    {
        if (data.Classes == 0)
        {
            throw new QuotientException($"{data.Name} has real targets, but the loss {Name} needs class labels; use mse");
        }

        if (data.Classes > network.Output.Size)
        {
            throw new QuotientException(
                $"{data.Name} has {data.Classes} classes, but the network {network} has {Sentence.Count(network.Output.Size, "output")}");
        }
    }

    /// <inheritdoc/>
    public override LossStage<T> On<T>(IOps<T> ops) => new Stage<T>(ops);

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new("ce", "cross-entropy on logits", [], _ => CrossEntropy));

    /// <summary>What is saved is p.</summary>
    private sealed class Stage<T>(IOps<T> ops) : LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
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
}
