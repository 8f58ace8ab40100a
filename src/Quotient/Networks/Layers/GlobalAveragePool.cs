namespace Quotient.Networks.Layers;

/// <summary>The mean of each channel: a vector of as many values as there are channels.</summary>
public sealed record GlobalAveragePool : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => new(Single(inputs).Channels);

    /// <inheritdoc/>
    public override string Mark(Shape output) => "-gap";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<GlobalAveragePool>("global-average-pool");
}
