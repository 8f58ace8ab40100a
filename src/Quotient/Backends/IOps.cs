using System.Numerics;

namespace Quotient.Backends;

/// <summary>A family of operations, as one device has it in one precision.</summary>
/// <remarks>
/// Outputs are buffers that the caller owns. Scalars that an algorithm computes stay on the device, as double.
/// Reductions accumulate in double and in an order that depends on the shape alone, so that equal inputs give equal bits.
/// Outputs must not overlap inputs unless an operation says so. What a backend returns is <see cref="OpFamilies{T}.Checked"/>: shapes that
/// do not fit are an <see cref="ArgumentException"/> on every device, and no family checks them.
/// </remarks>
public interface IOpFamily
{
    /// <summary>
    /// Whether the device has an operation, by the name under which it is called: <c>Axpy</c>, <c>Gemm</c>. A family says false of what it
    /// lacks, and nothing of other families.
    /// </summary>
    bool Supports(string operation) => true;
}

/// <summary>
/// The operations that need no more than a ring, so that exact arithmetic modulo a prime can be a precision as well:
/// see <see cref="IBackend.Linear{T}"/>.
/// </summary>
public interface ILinearOps<T> : IVectorOps<T>, IProductOps<T> where T : unmanaged, INumberBase<T>;

/// <summary>
/// The operations of a device in floating-point precision <typeparamref name="T"/>: all families together. Everything above
/// <c>Backends/</c> is written with these alone.
/// </summary>
public interface IOps<T> : ILinearOps<T>, IBasisOps<T>, ILossOps<T>, IBitOps<T>, IRandomOps<T>, IStepOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>;
