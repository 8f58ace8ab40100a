using System.Numerics;

namespace Quotient.Backends;

/// <summary>What a backend has of each family in one precision.</summary>
public sealed record OpFamilies<T>(
    IVectorOps<T> Vectors, IProductOps<T> Products, IBasisOps<T> Basis, ILossOps<T> Losses, IBitOps<T> Bits, IRandomOps<T> Random,
    IStepOps<T> Steps)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>All of them behind the check of arguments that every backend has, which is what <see cref="IBackend.Ops{T}"/> returns.</summary>
    public IOps<T> Checked() => new CheckedOps<T>(this);
}
