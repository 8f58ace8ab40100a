using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Chooses how many samples a pass takes at once.</summary>
internal static class Chunks
{
    private const int Smallest = 64;

    /// <summary>The chunk's size, and whether the states of all chunks fit in the budget together.</summary>
    public static unsafe (int Size, bool Resident) Choose<T>(
        IBackend backend, NetworkPlan<T> plan, int samples, LineariseOptions options) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long budget = options.MemoryBudget > 0 ? options.MemoryBudget : backend.AvailableMemory / 2;
        long perSample = ChunkState<T>.BytesPerSample(plan);
        bool resident = perSample <= budget / samples;
        if (options.ChunkSize > 0)
        {
            return (Math.Min(options.ChunkSize, samples), resident);
        }

        // A product's work space is as large as the state again, and a block of k products k times that.
        long byMemory = Math.Max(1, budget / perSample / 4);
        long byCache = Math.Max(Smallest, backend.SuitableSignalBytes / ((long)sizeof(T) * plan.Widest));
        return ((int)Math.Min(samples, Math.Min(byMemory, byCache)), resident);
    }
}
