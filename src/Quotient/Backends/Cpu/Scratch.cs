using System.Runtime.InteropServices;

namespace Quotient.Backends.Cpu;

/// <summary>
/// Working memory that is kept between operations, so that none of them allocates: one shared area and one a thread.
/// </summary>
internal sealed unsafe class Scratch(int threads) : IDisposable
{
    private readonly void*[] _areas = new void*[threads + 1];
    private readonly nuint[] _bytes = new nuint[threads + 1];

    /// <summary>Frees what nobody disposed.</summary>
    ~Scratch() => Free();

    /// <summary>Memory for <paramref name="count"/> elements that all threads see; the next call may move it.</summary>
    public T* Shared<T>(long count) where T : unmanaged => (T*)Area(0, count * sizeof(T));

    /// <summary>Memory for <paramref name="count"/> elements of one thread; its next call may move it.</summary>
    public T* Own<T>(int thread, long count) where T : unmanaged => (T*)Area(thread + 1, count * sizeof(T));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void* Area(int index, long bytes)
    {
        if (_bytes[index] < (nuint)bytes)
        {
            NativeMemory.AlignedFree(_areas[index]);
            _areas[index] = null;
            _bytes[index] = 0;
            _areas[index] = HostMemory.Allocate(bytes);
            _bytes[index] = (nuint)bytes;
        }

        return _areas[index];
    }

    private void Free()
    {
        for (int i = 0; i < _areas.Length; i++)
        {
            NativeMemory.AlignedFree(_areas[i]);
            _areas[i] = null;
            _bytes[i] = 0;
        }
    }
}
