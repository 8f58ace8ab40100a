using System.Runtime.InteropServices;

namespace Quotient.Backends;

/// <summary>Elements in the host's own memory, on a 64-byte boundary: the buffer of every backend that computes on the CPU.</summary>
public sealed unsafe class HostBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    private const int Alignment = 64;
    private T* _pointer;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    public HostBuffer(long length) : base(length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint bytes = checked((nuint)Math.Max(length, 1) * (nuint)sizeof(T));
        _pointer = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_pointer != null)
        {
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
            GC.RemoveMemoryPressure(Math.Max(Length, 1) * sizeof(T));
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
