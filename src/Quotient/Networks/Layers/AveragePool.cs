namespace Quotient.Networks.Layers;

/// <summary>The mean of what a window sees in each channel.</summary>
/// <param name="Window">The window.</param>
/// <param name="CountsPadding">Whether zeros of the padding are among the values of the mean; as <c>count_include_pad</c> of PyTorch.</param>
public sealed record AveragePool(Window Window, bool CountsPadding = true) : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs)
    {
        var patches = Window.OnPooled(Single(inputs));
        return new(patches.Channels, patches.OutHeight, patches.OutWidth);
    }

    /// <inheritdoc/>
    public override string Mark(Shape output) => $"-avg{Window.ToPoolText()}";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<AveragePool>(
        "average-pool", fields => new(Window.Take(fields), fields.TakeFlag("counts-padding")),
        layer =>
        {
            var fields = layer.Window.Write([]);
            fields["counts-padding"] = layer.CountsPadding;
            return fields;
        });
}
