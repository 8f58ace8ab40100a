using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>
/// The way over samples, chunk by chunk: how many are taken at once, whether what is computed of each chunk is kept, and what is
/// done where memory runs out. Whatever is summed over samples is summed here.
/// </summary>
/// <param name="chunkSize">Samples that a pass takes at once.</param>
/// <param name="isResident">Whether what is computed of each chunk is kept.</param>
internal sealed class Sweep(int chunkSize, bool isResident = false)
{
    /// <summary>After two quarters a product's work space is small beside what is kept: that is in the way then.</summary>
    private const int MostQuarters = 2;

    private const int SmallestChunk = 64;

    private int _quarters;

    /// <summary>Samples that a pass takes at once.</summary>
    public int ChunkSize { get; private set; } = chunkSize;

    /// <summary>Whether what is computed of each chunk is kept; if not, each pass computes it again.</summary>
    public bool IsResident { get; private set; } = isResident;

    /// <summary>As many samples at once as suit the memory and the caches; all chunks are kept where they fit in the budget together.</summary>
    public static unsafe Sweep Of<T>(IBackend backend, NetworkPlan<T> plan, int samples, LineariseOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long budget = options.MemoryBudget > 0 ? options.MemoryBudget : backend.AvailableMemory / 2;
        long perSample = ChunkState<T>.BytesPerSample(plan);

        // A product's work space is as large as the state again, and a block of k products k times that.
        long byMemory = Math.Max(1, budget / perSample / 4);
        long byCache = Math.Max(SmallestChunk, backend.SuitableSignalBytes / ((long)sizeof(T) * plan.Widest));
        long suitable = options.ChunkSize > 0 ? options.ChunkSize : Math.Min(byMemory, byCache);
        return new((int)Math.Min(samples, suitable), perSample <= budget / samples);
    }

    /// <summary>Visits all chunks in order, each with what is its own: its samples' rows of the results.</summary>
    public void Each(int samples, Action<Chunk> visit, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        for (int first = 0; first < samples; first += ChunkSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = new Chunk(first, Math.Min(ChunkSize, samples - first), samples, progress);
            visit(chunk);
            chunk.Report(1);
        }
    }

    /// <summary>
    /// total ← the sum over all chunks of what each adds: total ← <see cref="Chunk.Beta"/>·total + its own, in order.
    /// </summary>
    public void Sum<TTotal>(
        int samples, MatrixView<TTotal> total, Action<Chunk, MatrixView<TTotal>> add, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) where TTotal : unmanaged
    {
        // Processes that hold some of the samples each would add their totals up after this, and nowhere else.
        Each(samples, chunk => add(chunk, total), progress, cancellationToken);
    }

    /// <summary>
    /// Runs what overwrites its results, and runs it again with less memory where that runs out, as when another process takes some.
    /// </summary>
    /// <param name="pass">What is run.</param>
    /// <param name="doWithLess">Gives something up; false where nothing is left to go without.</param>
    /// <exception cref="DeviceOutOfMemoryException">Nothing is left to go without.</exception>
    public static void WithinMemory(Action pass, Func<bool> doWithLess)
    {
        while (true)
        {
            try
            {
                pass();
                return;
            }
            catch (DeviceOutOfMemoryException)
            {
                if (!doWithLess())
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Takes a quarter of the samples at once, or keeps nothing between passes. Not within a pass.</summary>
    /// <returns>False where nothing is left to give up: a single sample that is not kept is the least.</returns>
    public bool TakeLess()
    {
        if (ChunkSize == 1 && !IsResident)
        {
            return false;
        }

        if (ChunkSize == 1 || (IsResident && _quarters == MostQuarters))
        {
            IsResident = false;
        }
        else
        {
            (ChunkSize, _quarters) = (Math.Max(1, ChunkSize / 4), _quarters + 1);
        }

        return true;
    }
}

/// <summary>Samples that a pass takes at once.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">Their number.</param>
/// <param name="Samples">The number of all.</param>
/// <param name="Progress">Is told the share of all samples that is done.</param>
internal readonly record struct Chunk(int First, int Count, int Samples, IProgress<double>? Progress)
{
    /// <summary>What becomes of a sum's value before this chunk: the first one's contribution replaces it, the next are added.</summary>
    public double Beta => First == 0 ? 0 : 1;

    /// <summary>Tells which share of this chunk is done.</summary>
    public void Report(double share) => Progress?.Report((First + (share * Count)) / Samples);
}
