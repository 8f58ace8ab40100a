using System.Runtime.ExceptionServices;

namespace Quotient.Backends.Cpu;

/// <summary>Work that splits into independent, numbered parts.</summary>
internal interface IParts
{
    /// <summary>How many parts.</summary>
    int Count { get; }

    /// <summary>Does part <paramref name="index"/> on thread <paramref name="thread"/> of the pool.</summary>
    void Run(int index, int thread);
}

/// <summary>
/// Threads that take parts from a shared counter, whoever is free first, and are parked between jobs: a spinning pool
/// collapses as soon as something else wants the cores. What a part computes must not depend on the thread that takes it.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const double OperationsWorthThreads = 2e6;

    private readonly object _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread[] _workers;
    private delegate*<void*, int, int, void> _body;
    private void* _state;
    private int _count, _next, _active;
    private bool _open, _stopping;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads beside the caller's own; 0 means one for each processor.</summary>
    public WorkerPool(int threads) : this(threads, thread => thread.Start())
    {
    }

    /// <summary>The same with another way to start a thread. Where the system gives no more of them, those that there are do the work.</summary>
    internal WorkerPool(int threads, Action<Thread> start)
    {
        _workers = [.. Enumerable.Range(1, (threads > 0 ? threads : Environment.ProcessorCount) - 1).Select(TryStart).TakeWhile(one => one is not null)!];
        Threads = _workers.Length + 1;

        Thread? TryStart(int number)
        {
            var thread = new Thread(() => Work(number)) { IsBackground = true, Name = $"quotient cpu {number}" };
            try
            {
                start(thread);
                return thread;
            }
            catch (OutOfMemoryException)
            {
                // What the runtime throws where the system refuses a thread, whether for want of memory or by a limit on threads.
                return null;
            }
        }
    }

    /// <summary>A pool without threads of its own, which the caller's thread does all the work of.</summary>
    public static WorkerPool None { get; } = new(1);

    /// <summary>Threads that work, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Does all parts and returns when they are done; the first failure is thrown here.</summary>
    public void Run<TParts>(TParts parts) where TParts : struct, IParts
    {
        int count = parts.Count;
        if (count <= 1 || _workers.Length == 0)
        {
            for (int i = 0; i < count; i++)
            {
                parts.Run(i, 0);
            }

            return;
        }

        // The threads read the parts where they stand, on this thread's stack.
        Dispatch(&Invoke<TParts>, Unsafe.AsPointer(ref parts), count);
    }

    /// <summary>The same, on the caller's thread alone where so many operations take less time than waking threads does.</summary>
    public void Run<TParts>(TParts parts, double operations) where TParts : struct, IParts =>
        (IsWorthThreads(operations) ? this : None).Run(parts);

    /// <summary>Whether so many operations, of the speed of dense products, take longer than waking threads does.</summary>
    public static bool IsWorthThreads(double operations) => operations >= OperationsWorthThreads;

    /// <summary>Whether so many pieces of work are better dealt to the threads one by one: each is too small to be shared, and together they are not.</summary>
    public static bool IsWorthDealing(int count, double operations) =>
        count > 1 && !IsWorthThreads(operations) && IsWorthThreads(count * operations);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        if (_workers.Length > 0)
        {
            _wake.Release(_workers.Length);
        }

        foreach (var worker in _workers)
        {
            worker.Join();
        }

        _wake.Dispose();
    }

    private static void Invoke<TParts>(void* state, int index, int thread) where TParts : struct, IParts =>
        Unsafe.AsRef<TParts>(state).Run(index, thread);

    private void Dispatch(delegate*<void*, int, int, void> body, void* state, int count)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _body = body;
            _state = state;
            (_count, _next, _failure) = (count, 0, null);
            _open = true;
        }

        int missing = Math.Min(_workers.Length, count - 1) - _wake.CurrentCount;
        if (missing > 0)
        {
            _wake.Release(missing);
        }

        TakeParts(0);
        lock (_gate)
        {
            _open = false;
            while (_active > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        _failure?.Throw();
    }

    private void Work(int thread)
    {
        while (true)
        {
            _wake.Wait();
            lock (_gate)
            {
                if (_stopping)
                {
                    return;
                }

                if (!_open)
                {
                    continue;
                }

                _active++;
            }

            TakeParts(thread);
            lock (_gate)
            {
                if (--_active == 0 && !_open)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeParts(int thread)
    {
        try
        {
            for (int i = Interlocked.Increment(ref _next) - 1; i < _count; i = Interlocked.Increment(ref _next) - 1)
            {
                _body(_state, i, thread);
            }
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Volatile.Write(ref _next, _count);
        }
    }
}
