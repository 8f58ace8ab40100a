namespace Quotient.Networks.Layers;

/// <summary>
/// Every <paramref name="Stride"/>-th place of an image in each direction, with channels of zeros before and behind its own, as many before
/// as behind or one fewer: how an image skips layers that make it smaller and deeper (He et al. 2016, shortcut A).
/// </summary>
/// <param name="Outputs">Channels of the output, no fewer than those of the input.</param>
/// <param name="Stride">1 for every place.</param>
public sealed record Shortcut(int Outputs, int Stride) : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    internal override int? ChannelBehind(int channel, Shape input)
    {
        int behind = channel - ((Outputs - input.Channels) / 2);
        return behind >= 0 && behind < input.Channels ? behind : null;
    }

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs)
    {
        var image = Single(inputs);
        return image.Channels <= Outputs && Stride > 0
            ? new(Outputs, ((image.Height - 1) / Stride) + 1, ((image.Width - 1) / Stride) + 1)
            : throw new QuotientException($"a shortcut of stride {Stride} to {Outputs} channels follows a layer of {image.Channels} ({image})");
    }

    /// <inheritdoc/>
    public override string Mark(Shape output) => "";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Shortcut>(
        "shortcut", fields => new(fields.TakeWhole("outputs", 1), fields.TakeWhole("stride", 1)),
        layer => new() { ["outputs"] = layer.Outputs, ["stride"] = layer.Stride });
}
