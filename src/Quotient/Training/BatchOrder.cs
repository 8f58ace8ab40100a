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

            for (int first = 0; first < samples; first += batchSize)
            {
                LayOut(replica, first, Math.Min(first + batchSize, samples));
            }
        }
    }

    private void LayOut(int replica, int first, int end)
    {
        for (; first < end; first += rows)
        {
            int count = Math.Min(rows, end - first);
            _own.AsSpan(first, count).CopyTo(Places.AsSpan((replicas * first) + (replica * count)));
        }
    }
}
