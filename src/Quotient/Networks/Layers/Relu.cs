namespace Quotient.Networks.Layers;

/// <summary>a = max(z, 0), element by element; its derivative at 0 is 0, as in PyTorch.</summary>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.Permutation | Equivariance.Scale;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Relu>("relu");
}
