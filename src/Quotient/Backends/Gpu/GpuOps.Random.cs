using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Random vectors.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Random = "random/philox";

    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) => Draw("rademacher", seed, stream, x);

    public void Normal(ulong seed, ulong stream, VectorView<T> x) => Draw("normal", seed, stream, x);

    private void Draw(string kernel, ulong seed, ulong stream, VectorView<T> x)
    {
        var arguments = default(Arguments);
        arguments.Add(seed);
        arguments.Add(stream);
        arguments.Add(x);
        arguments.Add(x.Length);
        if (x.Length > 0)
        {
            Launch(Random, kernel, Each(x.Length), arguments, RowParameters(1));
        }
    }
}
