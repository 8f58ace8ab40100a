namespace Quotient.Networks.Layers;

/// <summary>
/// z = sign(W) a / √inputs, with W of shape outputs × inputs and sign(0) = +1. The parameters W are the real shadow weights that
/// training moves; a weight of ±1 is its own sign.
/// </summary>
/// <remarks>
/// On inputs of ±1 and an odd number of them, z is never 0: then a unit with a <see cref="Sign"/> behind it can be negated, with
/// its weights before and after it, without changing the network. With an even number a tie counts as +1, and that symmetry holds only
/// where no unit is tied. Source: Courbariaux et al. (2016); the factor 1/√inputs: Pittorino et al. (2022).
/// </remarks>
public sealed record BinaryDense(int Inputs, int Outputs) : Layer
{
    /// <summary>1/√inputs, which keeps z of order 1 whatever the width.</summary>
    public double Scale => 1 / Math.Sqrt(Inputs);

    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors =>
        [new("weight", [Axis.Out, Axis.In], [Outputs, Inputs]) { Role = TensorRole.BinaryWeight }];

    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.Permutation | Equivariance.Flip;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs).Size == Inputs
        ? new(Outputs)
        : throw new QuotientException($"a binary layer of {Inputs} inputs follows a layer of {inputs[0].Size} outputs");

    /// <inheritdoc/>
    public override string Mark(Shape output) => $"-{output}";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<BinaryDense>(
        "binary-dense",
        fields => new(fields.TakeWhole("inputs", 1), fields.TakeWhole("outputs", 1)),
        layer => new() { ["inputs"] = layer.Inputs, ["outputs"] = layer.Outputs });
}
