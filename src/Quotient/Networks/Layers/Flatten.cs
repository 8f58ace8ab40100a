namespace Quotient.Networks.Layers;

/// <summary>The values of an image as a vector, in their order: channels, then height, then width.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    internal override int? ChannelBehind(int channel, Shape input) => channel / (input.Height * input.Width);

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => new(Single(inputs).Size);

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Flatten>("flatten");
}
