using System.Numerics;

namespace Quotient.Backends;

/// <summary>What a backend has of each family in one precision; they may be one object or many.</summary>
public sealed record OpFamilies<T>(
    IVectorOps<T> Vectors, IProductOps<T> Products, IBasisOps<T> Basis, ILossOps<T> Losses, IBitOps<T> Bits, IRandomOps<T> Random,
    IStepOps<T> Steps)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Families that are one object.</summary>
    public OpFamilies(IOps<T> all) : this(all, all, all, all, all, all, all)
    {
    }
}
