using NUnit.Framework;
using Quotient.Backends.Cpu;

namespace Quotient.Tests.Backends.Cpu;

public class WorkerPoolTests
{
    [Test]
    public void Every_part_is_done_once_whatever_the_number_of_threads(
        [Values(1, 2, 5)] int threads, [Values(0, 1, 2, 1000)] int count)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 50; round++)
        {
            var parts = new Counting(new int[count], threads);
            pool.Run(parts);
            Assert.That(parts.Done, Is.All.EqualTo(1));
        }
    }

    [Test]
    public void A_failure_reaches_the_caller_and_the_pool_still_works([Values(1, 3)] int threads)
    {
        using var pool = new WorkerPool(threads);
        var failing = new Failing();
        Assert.That(() => pool.Run(failing), Throws.InvalidOperationException.With.Message.EqualTo("part 7"));
        var parts = new Counting(new int[100], threads);
        pool.Run(parts);
        Assert.That(parts.Done, Is.All.EqualTo(1));
    }

    [Test]
    public void Where_the_system_gives_fewer_threads_those_do_the_work([Values(0, 1, 3)] int given)
    {
        int started = 0;
        using var pool = new WorkerPool(8, thread =>
        {
            if (started++ == given)
            {
                throw new InsufficientMemoryException();
            }

            thread.Start();
        });
        Assert.That((pool.Threads, started), Is.EqualTo((given + 1, given + 1)));
        var parts = new Counting(new int[1000], pool.Threads);
        pool.Run(parts);
        Assert.That(parts.Done, Is.All.EqualTo(1));
        using var backend = new CpuBackend(pool);
        Assert.That(backend.Device.Threads, Is.EqualTo(given + 1));
        Assert.That(backend.Device.Features, Does.EndWith(given == 0 ? "1 thread" : $"{given + 1} threads"));
    }

    [Test]
    public void Disposal_ends_the_threads_and_may_be_repeated()
    {
        var pool = new WorkerPool(3);
        pool.Dispose();
        pool.Dispose();
        var parts = new Counting(new int[100], 3);
        Assert.That(() => pool.Run(parts), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Running_allocates_nothing()
    {
        using var pool = new WorkerPool(1);
        var parts = new Counting(new int[10], 1);
        pool.Run(parts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        pool.Run(parts);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private readonly struct Counting(int[] done, int threads) : IParts
    {
        public int[] Done => done;

        public int Count => done.Length;

        public void Run(int index, int thread)
        {
            if (thread < 0 || thread >= threads)
            {
                throw new ArgumentOutOfRangeException(nameof(thread));
            }

            Interlocked.Increment(ref done[index]);
        }
    }

    private readonly struct Failing : IParts
    {
        public int Count => 100;

        public void Run(int index, int thread)
        {
            if (index == 7)
            {
                throw new InvalidOperationException($"part {index}");
            }
        }
    }
}
