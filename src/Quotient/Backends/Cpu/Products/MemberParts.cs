using System.Numerics;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// The members of a batch, each too small to be shared by threads, as parts: every thread has a multiplier of its own.
/// </summary>
internal readonly unsafe struct MemberParts<T>(StridedProduct<T> first, Strides strides, int count, Multiplier<T>[] multipliers) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => count;

    public void Run(int index, int thread) => multipliers[thread].Multiply(strides.Member(first, index));
}

/// <summary>Elements from one member of a batch to the next.</summary>
internal readonly record struct Strides(nint A, nint B, nint C, nint Bias)
{
    /// <summary>Member <paramref name="index"/>, given the first.</summary>
    public unsafe StridedProduct<T> Member<T>(in StridedProduct<T> first, int index) where T : unmanaged, IFloatingPointIeee754<T> => first with
    {
        A = first.A + (index * A),
        B = first.B + (index * B),
        C = first.C + (index * C),
        Bias = first.Bias == null ? null : first.Bias + (index * Bias),
    };
}
