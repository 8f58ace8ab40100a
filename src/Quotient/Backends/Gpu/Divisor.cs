namespace Quotient.Backends.Gpu;

/// <summary>
/// A number by which kernels divide others of 31 bits by a product and a shift, as <c>dialect/common.h</c> has it: with 2^s the first power
/// not below d, n / d = ⌊n·⌈2^(31 + s) / d⌉ / 2^(31 + s)⌋ (Granlund and Montgomery 1994).
/// </summary>
/// <param name="Value">d, at least 1.</param>
internal readonly record struct Divisor(int Value)
{
    /// <summary>⌈2^(31 + s) / d⌉, of 32 bits, and s above it.</summary>
    public ulong Inverse
    {
        get
        {
            int shift = 32 - BitOperations.LeadingZeroCount((uint)Value - 1);
            return (((1UL << (31 + shift)) + (ulong)Value - 1) / (ulong)Value) | ((ulong)shift << 32);
        }
    }
}
