namespace Quotient.Backends.Gpu;

/// <summary>Random vectors.</summary>
internal sealed class GpuRandomOps<T>(Launcher<T> launcher) : IRandomOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) => Draw("rademacher", seed, stream, x);

    public void Normal(ulong seed, ulong stream, VectorView<T> x) => Draw("normal", seed, stream, x);

    public void Flip(ulong seed, ulong stream, double probability, VectorView<T> x) => launcher.Each(
        "random/philox", "flip", x.Length, new() { seed, stream, Philox.Limit(probability), x, x.Length }, launcher.RowParameters(1));

    private void Draw(string kernel, ulong seed, ulong stream, VectorView<T> x) => launcher.Each(
        "random/philox", kernel, x.Length, new() { seed, stream, x, x.Length }, launcher.RowParameters(1));
}
