namespace Quotient.Networks;

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
        [new("weight", [Outputs, Inputs], Inputs, Outputs) { Role = TensorRole.BinaryWeight }];

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs).Size == Inputs
        ? new(Outputs)
        : throw new QuotientException($"a binary layer of {Inputs} inputs follows a layer of {inputs[0].Size} outputs");
}

/// <summary>
/// a = +1 where z ≥ threshold, else −1, element by element. Its derivative is 0; training passes gradients straight through where
/// |z − threshold| ≤ 1.
/// </summary>
public sealed record Sign(double Threshold = 0) : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);
}

/// <summary>
/// a = min(max(z, −1), 1), element by element; its derivative is taken as 1 where |z| ≤ 1, the kinks included, else 0: what is passed
/// straight through a <see cref="Sign"/>.
/// </summary>
/// <remarks>
/// Where inputs and weights are all ±1, z is a whole number over √inputs and lies on a kink exactly where their number is a square and
/// luck wills it: there is no derivative then, and rounding chooses between those of the two sides.
/// </remarks>
public sealed record HardTanh : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);
}
