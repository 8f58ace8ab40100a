namespace Quotient.Networks.Layers;

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
    public override Equivariance Equivariance => Equivariance.Permutation | Equivariance.Flip;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<HardTanh>("hard-tanh");
}
