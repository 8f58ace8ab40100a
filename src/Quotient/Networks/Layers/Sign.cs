namespace Quotient.Networks.Layers;

/// <summary>
/// a = +1 where z ≥ threshold, else −1, element by element. Its derivative is 0; training passes gradients straight through where
/// |z − threshold| ≤ 1.
/// </summary>
public sealed record Sign(double Threshold = 0) : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Threshold == 0 ? Equivariance.Permutation | Equivariance.Flip : Equivariance.Permutation;

    /// <inheritdoc/>
    public override bool ForgetsScale => Threshold == 0;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Sign>(
        "sign", fields => new(fields.TakeReal("threshold")), layer => new() { ["threshold"] = layer.Threshold });
}
