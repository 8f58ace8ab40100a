using Quotient.Backends;

namespace Quotient.Linearisation.Losses;

/// <summary>
/// <c>ce</c>: ℓ = −log p_y with p = softmax(z) on logits z. With smoothed labels, <c>ce,smoothing=0.1</c>: ℓ = −Σ_c q_c log p_c
/// with q = (1 − s)·onehot(y) + s/C. ∂ℓ/∂z = p − q, ∂²ℓ/∂z² = diag p − p pᵀ whatever s.
/// </summary>
/// <remarks>
/// The Fisher matrix is of labels drawn from p itself, and so is that of s = 0 and equal to the Gauss–Newton matrix; the
/// empirical Fisher matrix has the gradients at q. Source: Szegedy et al. (2016), section 7; as PyTorch's label_smoothing.
/// </remarks>
/// <param name="Smoothing">s, from 0 to below 1.</param>
public sealed record CrossEntropyLoss(double Smoothing = 0) : Loss
{
    /// <inheritdoc/>
    public override string Name => Smoothing == 0 ? "ce" : FormattableString.Invariant($"ce,smoothing={Smoothing}");

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
    public override LossStage<T> On<T>(IOps<T> ops) => new Derivatives<T>(ops, Smoothing);

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new(
        "ce", "cross-entropy on logits (ce,smoothing=0.1 with smoothed labels)",
        [new("smoothing", 0, value => value is >= 0 and < 1, "a number from 0 to below 1", "The share of a label that is dealt to all classes.")],
        values => new CrossEntropyLoss(values["smoothing"])));

    /// <summary>What is saved is p.</summary>
    private sealed class Derivatives<T>(IOps<T> ops, double smoothing) : LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public override void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss) =>
            ops.SoftmaxCrossEntropy(z, targets.Labels!.Value, smoothing, saved, loss);

        public override void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g)
        {
            ops.SoftmaxGradient(saved, targets.Labels!.Value, smoothing, g);
            ops.Scale(scale, g.AsVector());
        }

        public override void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y) =>
            ops.SoftmaxHessian(saved, scale, x, y);

        public override void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y) =>
            ops.SoftmaxFactors(saved, scale, first, y);
    }
}
