using System.Numerics;

namespace Quotient.Backends;

/// <summary>Random numbers: Philox 4×32-10 keyed by (seed, stream), counted by element.</summary>
public interface IRandomOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>x_i ← ±1 with equal probability; the same on every backend.</summary>
    void Rademacher(ulong seed, ulong stream, VectorView<T> x);

    /// <summary>x_i ← N(0, 1) by Box–Muller in double; the same on every backend up to its rounding of log, sin and cos.</summary>
    void Normal(ulong seed, ulong stream, VectorView<T> x);
}
