namespace Quotient.Networks.Layers;

/// <summary>
/// A <see cref="Convolution"/> with the signs of its weights, sign(0) = +1, scaled by 1/√(inputs·height·width); without bias. Around the
/// image are zeros, not signs. The parameters are the real shadow weights that training moves.
/// </summary>
public sealed record BinaryConvolution(int Inputs, int Outputs, Window Window) : Layer
{
    /// <summary>1/√fan-in, which keeps z of order 1 whatever the width.</summary>
    public double Scale => 1 / Math.Sqrt((double)Inputs * Window.Size);

    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors =>
    [
        new("weight", [Axis.Out, Axis.In, Axis.Spatial, Axis.Spatial], [Outputs, Inputs, Window.Height, Window.Width])
        {
            Role = TensorRole.BinaryWeight,
        },
    ];

    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.Permutation | Equivariance.Flip;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Convolution.OutputOf(Single(inputs), Inputs, Outputs, Window);

    /// <inheritdoc/>
    public override string Mark(Shape output) => $"-{Outputs}c{Window}";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<BinaryConvolution>(
        "binary-convolution",
        fields => new(fields.TakeWhole("inputs", 1), fields.TakeWhole("outputs", 1), Window.Take(fields)),
        layer => layer.Window.Write(new() { ["inputs"] = layer.Inputs, ["outputs"] = layer.Outputs }));
}
