using System.Collections.Concurrent;

namespace Quotient.Tests;

/// <summary>Work on threads of its own.</summary>
internal static class OnThreads
{
    /// <summary>Does something on so many threads at once; what is thrown there is thrown here.</summary>
    public static void Each(int threads, Action<int> work)
    {
        var failures = new ConcurrentQueue<Exception>();
        using var start = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(thread);
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        if (!failures.IsEmpty)
        {
            throw new AggregateException(failures);
        }
    }
}
