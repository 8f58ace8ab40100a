namespace Quotient.Backends;

/// <summary>
/// Lets one thread at a time use a backend: a second one that comes while the first is inside is refused at once, and everyone is once
/// the backend is disposed. The thread inside may enter again, as an operation does within a product and a product within Lanczos.
/// </summary>
/// <remarks>
/// Operations, allocations and copies enter for themselves; what leaves state between them, as a product does in its work space, stays
/// inside from its beginning to its end. Nobody waits, so that no callback can wait for itself.
/// </remarks>
/// <param name="device">The device's id, for the sentences of exceptions.</param>
public sealed class ThreadGate(string device)
{
    private static readonly ConditionalWeakTable<IBackend, ThreadGate> OfOthers = [];

    /// <summary>The thread inside, 0 for none; and how often it has entered.</summary>
    private int _inside, _depth;

    private volatile bool _isClosed;

    /// <summary>Whether the backend has been disposed.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Enters until what is returned is disposed: <c>using var pass = backend.Gate.Enter();</c>.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside.</exception>
    /// <exception cref="ObjectDisposedException">The backend is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Pass Enter()
    {
        // Most operations are parts of work that is inside already, when nobody can close.
        if (Volatile.Read(ref _inside) != Environment.CurrentManagedThreadId)
        {
            EnterFirst();
        }
        else
        {
            _depth++;
        }

        return new(this);
    }

    /// <summary>The same for what gives memory back, which a disposed backend has no more use for: this is not refused then.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside.</exception>
    public Pass EnterToRelease()
    {
        if (_isClosed)
        {
            return default;
        }

        Take();
        return new(this);
    }

    /// <summary>Refuses everyone from now on, as the first step of a backend's disposal; false where that has been done.</summary>
    /// <exception cref="InvalidOperationException">A thread is inside, be it this one.</exception>
    public bool Close()
    {
        if (_isClosed)
        {
            return false;
        }

        Take();
        if (_depth > 1)
        {
            Leave();
            throw new InvalidOperationException($"device '{device}' is disposed from within work on it; dispose it afterwards");
        }

        bool isFirst = !_isClosed;
        _isClosed = true;
        Leave();
        return isFirst;
    }

    /// <summary>The gate of a backend that has made none.</summary>
    internal static ThreadGate Of(IBackend backend) => OfOthers.GetValue(backend, other => new(other.Device.Id));

    private void EnterFirst()
    {
        // First of all, so that nobody who is late is told that others are at work; and again, once nobody else can close.
        ThrowIfClosed();
        Take();
        if (_isClosed)
        {
            Leave();
            ThrowIfClosed();
        }
    }

    private void Take()
    {
        int self = Environment.CurrentManagedThreadId;
        if (Volatile.Read(ref _inside) != self && Interlocked.CompareExchange(ref _inside, self, 0) != 0)
        {
            throw new InvalidOperationException(
                $"device '{device}' is in use by another thread; an engine serves one thread at a time: let threads take turns, or open one for each");
        }

        _depth++;
    }

    private void Leave()
    {
        if (--_depth == 0)
        {
            Volatile.Write(ref _inside, 0);
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new ObjectDisposedException(device, $"device '{device}' has been disposed");
        }
    }

    /// <summary>The right to be inside, until it is disposed. It belongs to the thread that entered.</summary>
    public readonly ref struct Pass
    {
        private readonly ThreadGate? _gate;

        internal Pass(ThreadGate gate) => _gate = gate;

        /// <summary>Leaves.</summary>
        public void Dispose() => _gate?.Leave();
    }
}
