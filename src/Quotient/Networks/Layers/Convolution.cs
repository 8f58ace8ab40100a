namespace Quotient.Networks.Layers;

/// <summary>
/// z_o(y, x) = s·Σ_(c, i, j) W_ocij a_c(y·stride − top + i, x·stride − left + j) + b_o, with zeros around the image: a cross-correlation, as in
/// PyTorch. W has shape outputs × inputs × height × width.
/// </summary>
public sealed record Convolution(int Inputs, int Outputs, Window Window, bool Bias = true, double Scale = 1) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors => Bias ? [Weight, Shift] : [Weight];

    private TensorShape Weight =>
        new("weight", [Axis.Out, Axis.In, Axis.Spatial, Axis.Spatial], [Outputs, Inputs, Window.Height, Window.Width]);

    private TensorShape Shift => new("bias", [Axis.Out], [Outputs]) { Role = TensorRole.Bias };

    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => OutputOf(Single(inputs), Inputs, Outputs, Window);

    /// <inheritdoc/>
    public override string Mark(Shape output) => $"-{Outputs}c{Window}";

    /// <summary>The output of a convolution of some sizes.</summary>
    internal static Shape OutputOf(Shape image, int inputs, int outputs, Window window)
    {
        if (image.Channels != inputs)
        {
            throw new QuotientException($"a convolution of {inputs} channels follows a layer of {image.Channels} ({image})");
        }

        var patches = window.On(image);
        return new(outputs, patches.OutHeight, patches.OutWidth);
    }

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Convolution>(
        "convolution",
        fields => new(
            fields.TakeWhole("inputs", 1), fields.TakeWhole("outputs", 1), Window.Take(fields), fields.TakeFlag("bias"),
            fields.Has("scale") ? fields.TakeReal("scale") : 1),
        layer =>
        {
            var fields = layer.Window.Write(new() { ["inputs"] = layer.Inputs, ["outputs"] = layer.Outputs });
            fields["bias"] = layer.Bias;
            if (layer.Scale != 1)
            {
                fields["scale"] = layer.Scale;
            }

            return fields;
        });
}
