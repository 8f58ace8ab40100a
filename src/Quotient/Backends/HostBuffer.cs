namespace Quotient.Backends;

/// <summary>Elements in the host's own memory, on a 64-byte boundary: the buffer of every backend that computes on the CPU.</summary>
public sealed unsafe class HostBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    private readonly HostMemory _memory;
    private T* _pointer;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is too little memory.</exception>
    public HostBuffer(long length) : this(length, HostMemory.Whole)
    {
    }

    internal HostBuffer(long length, HostMemory memory) : base(length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _memory = memory;
        _pointer = (T*)memory.Take(Bytes);
    }

    /// <summary>Releases the memory of a buffer that nobody disposed.</summary>
    ~HostBuffer() => Dispose(false);

    /// <summary>The first element.</summary>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    private long Bytes => checked(Math.Max(Length, 1) * sizeof(T));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_pointer != null)
        {
            _memory.Return(_pointer, Bytes);
            _pointer = null;
        }
    }
}

/// <summary>Where the elements of a view lie in host memory.</summary>
internal static unsafe class HostViews
{
    /// <summary>The address of a vector's first element.</summary>
    public static T* Pointer<T>(this VectorView<T> view) where T : unmanaged => Host(view.Buffer).Pointer + view.Offset;

    /// <summary>The address of a matrix's first element.</summary>
    public static T* Pointer<T>(this MatrixView<T> view) where T : unmanaged => Host(view.Buffer).Pointer + view.Offset;

    /// <summary>A vector of fewer than 2³¹ elements as a span.</summary>
    public static Span<T> Span<T>(this VectorView<T> view) where T : unmanaged => new(view.Pointer(), checked((int)view.Length));

    private static HostBuffer<T> Host<T>(DeviceBuffer<T> buffer) where T : unmanaged =>
        buffer as HostBuffer<T> ?? throw new InvalidOperationException("The buffer belongs to another backend.");
}
