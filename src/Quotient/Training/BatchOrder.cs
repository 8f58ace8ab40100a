using Quotient.Backends;

namespace Quotient.Training;

/// <summary>
/// The order in which replicas visit the samples, laid out as passes read it: piece by piece of each mini-batch, the samples of all
/// replicas for one piece are next to each other. For one replica it is just the order.
/// </summary>
/// <param name="samples">Samples of the set.</param>
/// <param name="replicas">Replicas, each with a permutation of its own.</param>
/// <param name="batchSize">Samples in a mini-batch of one replica.</param>
/// <param name="rows">The most of them in a piece.</param>
internal sealed class BatchOrder(int samples, int replicas, int batchSize, int rows)
{
    private readonly int[] _own = [.. Enumerable.Range(0, samples)];

    /// <summary>The samples' indices; a piece that begins at place p of every replica's order begins at replicas · p.</summary>
    public int[] Places { get; } = new int[checked(replicas * samples)];

    /// <summary>Orders an epoch; without a seed, every replica visits the samples in their own order.</summary>
    public void Draw(ulong? seed, int epoch)
    {
        for (int replica = 0; replica < replicas; replica++)
        {
            if (seed is { } key)
            {
                Shuffle.Fill(_own, DerivedSeed.OfReplica(key, replica), epoch);
            }

            for (int first = 0, count; first < samples; first += count)
            {
                // A piece ends with its mini-batch.
                count = Math.Min(Math.Min(rows, batchSize - (first % batchSize)), samples - first);
                _own.AsSpan(first, count).CopyTo(Places.AsSpan((replicas * first) + (replica * count)));
            }
        }
    }
}

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
