namespace Quotient.Networks.Layers;

/// <summary>
/// The largest value that a window sees in each channel; places outside the image do not count. Of several equal ones the first, row by row,
/// is the one whose derivative is 1, as in PyTorch.
/// </summary>
public sealed record MaxPool(Window Window) : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.Permutation | Equivariance.Scale;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs)
    {
        var patches = Window.OnPooled(Single(inputs));
        return new(patches.Channels, patches.OutHeight, patches.OutWidth);
    }

    /// <inheritdoc/>
    public override string Mark(Shape output) => $"-max{Window.ToPoolText()}";

    [ModuleInitializer]
    internal static void Register() =>
        LayerKinds.Register<MaxPool>("max-pool", fields => new(Window.Take(fields)), layer => layer.Window.Write([]));
}
