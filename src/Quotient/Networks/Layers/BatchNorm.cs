namespace Quotient.Networks.Layers;

/// <summary>
/// y = γ (x − μ)/√(σ² + ε) + β, channel by channel. Outside training μ and σ² are the running statistics, which are no parameters: an affine
/// map. In training they are the mini-batch's own (σ² divided by the number of values), and the running ones move towards them by
/// <paramref name="Momentum"/> (there σ² is divided by one less), as in PyTorch. Source: Ioffe, Szegedy (2015).
/// </summary>
/// <param name="Channels">Channels of the image, or values of a vector.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Momentum">The weight of the newest mini-batch in the running statistics.</param>
public sealed record BatchNorm(int Channels, double Epsilon = 1e-5, double Momentum = 0.1) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors =>
        [new("weight", [Axis.Out], [Channels]) { Start = 1 }, new("bias", [Axis.Out], [Channels]) { Role = TensorRole.Bias, Start = 0 }];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Buffers =>
        [new("running_mean", [Axis.Out], [Channels]) { Start = 0 }, new("running_var", [Axis.Out], [Channels]) { Start = 1 }];

    /// <inheritdoc/>
    internal override void CheckBuffer(NetworkTensor tensor, ReadOnlySpan<double> values)
    {
        for (int channel = 0; tensor.Shape.Suffix == "running_var" && channel < values.Length; channel++)
        {
            QuotientException.ThrowIf(
                !(values[channel] + Epsilon > 0),
                $"tensor {Text.Quote(tensor.Name)} holds {values[channel]} for channel {channel}: a variance plus epsilon, {Epsilon}, must be above 0");
        }
    }

    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.Permutation;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs).Channels == Channels
        ? inputs[0]
        : throw new QuotientException($"a batch norm of {Channels} channels follows a layer of {inputs[0].Channels} ({inputs[0]})");

    /// <inheritdoc/>
    public override string Mark(Shape output) => "-bn";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<BatchNorm>(
        "batch-norm",
        fields => new(fields.TakeWhole("channels", 1), fields.TakeReal("epsilon"), fields.TakeReal("momentum")),
        layer => new() { ["channels"] = layer.Channels, ["epsilon"] = layer.Epsilon, ["momentum"] = layer.Momentum });
}
