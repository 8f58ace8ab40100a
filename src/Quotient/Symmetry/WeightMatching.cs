using Quotient.Data.Generators;
using Quotient.Spectra;

namespace Quotient.Symmetry;

/// <summary>
/// Matches by all weights: coordinate ascent on Σ ⟨w_A, w_B⟩ (<see cref="WeightDescent"/>) from the layerwise matching and from random starts;
/// the end with the largest similarity is kept. Scores are computed on the device, one start after the other; assignments of several starts run
/// at once. Source: Ainsworth, Hayase, Srinivasa (2023), section 3.2.
/// </summary>
internal static class WeightMatching
{
    /// <summary>From the layerwise matching and random starts: the changes of B's groups, and all sweeps.</summary>
    public static (UnitChange[] Changes, int Sweeps) Run(
        UnitProducts products, MatchingOptions options, int threads, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var first = LayerwiseMatching.Run(products, null, cancellationToken);
        return From(products, [() => first, .. Starts(products.Pair, options)], options.Seed, threads, progress, cancellationToken);
    }

    /// <summary>From given starts; of ends that are equally good the first is kept.</summary>
    public static (UnitChange[] Changes, int Sweeps) From(
        UnitProducts products, IReadOnlyList<Func<UnitChange[]>> starts, ulong seed, int threads, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var results = new (UnitChange[] Changes, double Similarity, int Sweeps)[starts.Count];
        var active = new List<(int Index, WeightDescent Descent)>();
        for (int next = 0, done = 0; done < starts.Count;)
        {
            while (next < starts.Count && active.Count < threads)
            {
                active.Add((next, new(products, starts[next](), new(seed, RandomStreams.Symmetry + 1 + (2 * (ulong)next)))));
                next++;
            }

            cancellationToken.ThrowIfCancellationRequested();
            active.ForEach(one => one.Descent.Score());
            foreach (var (index, descent) in active.Where(one => one.Descent.IsDone))
            {
                results[index] = (descent.Changes, products.Pair.Similarity(descent.Changes), descent.Sweeps);
                done++;
                progress?.Report((double)done / starts.Count);
            }

            active.RemoveAll(one => one.Descent.IsDone);
            Parallel.ForEach(active, new() { MaxDegreeOfParallelism = threads }, one => one.Descent.Assign());
        }

        return (results.MaxBy(one => one.Similarity).Changes, results.Sum(one => one.Sweeps));
    }

    private static IEnumerable<Func<UnitChange[]>> Starts(MatchingPair pair, MatchingOptions options) =>
        from start in Enumerable.Range(1, options.Starts)
        select (Func<UnitChange[]>)(() => Draw(pair, new(options.Seed, RandomStreams.Symmetry + 2 + (2 * (ulong)start))));

    private static UnitChange[] Draw(MatchingPair pair, PhiloxStream random)
    {
        var changes = pair.Unchanged;
        foreach (var (index, group) in pair.Groups.Index())
        {
            int[] order = [.. changes[index].Permutation];
            if (!group.IsFixed)
            {
                WeightDescent.Shuffle(order, random);
            }

            changes[index] = changes[index] with
            {
                Permutation = order,
                Flips = [.. changes[index].Flips.Select(flips => flips.Select(_ => random.Below(2) == 1).ToArray())],
            };
        }

        return changes;
    }
}
