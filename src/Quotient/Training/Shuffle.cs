using Quotient.Backends;

namespace Quotient.Training;

/// <summary>The order in which an epoch visits the samples.</summary>
internal static class Shuffle
{
    // "SHUF" in the upper word keeps these streams apart from those of other random numbers under the same seed.
    private const ulong FirstStream = 0x53485546_00000000;

    /// <summary>
    /// order ← a uniform permutation of 0 … n − 1, a pure function of (seed, epoch): Fisher–Yates, where place i draws from
    /// 0 … i the upper half of the product of i + 1 and a 64-bit word of <see cref="Philox"/>; its bias is below n/2⁶⁴.
    /// </summary>
    public static void Fill(Span<int> order, ulong seed, int epoch)
    {
        ulong stream = FirstStream + (ulong)epoch;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int i = order.Length - 1; i > 0; i--)
        {
            var (x, y, _, _) = Philox.Block(seed, stream, (ulong)i);
            int j = (int)Math.BigMul(((ulong)y << 32) | x, (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
