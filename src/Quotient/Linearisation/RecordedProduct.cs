using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>A product that reads and writes vectors of its own, so that it can be recorded once and replayed for any others.</summary>
internal sealed class RecordedProduct<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DeviceBuffer<T> _v, _result;
    private readonly long _rows, _columns;
    private IRecording? _recording;

    private RecordedProduct(IBackend backend, DeviceBuffer<T> v, DeviceBuffer<T> result, long rows, long columns) =>
        (_backend, _v, _result, _rows, _columns) = (backend, v, result, rows, columns);

    private MatrixView<T> V => _v.Matrix(_rows, _columns);

    private MatrixView<T> Result => _result.Matrix(_rows, _columns);

    /// <summary>Room for a product of k vectors; null where the memory is not there.</summary>
    public static RecordedProduct<T>? TryAllocate(IBackend backend, long rows, long columns)
    {
        DeviceBuffer<T>? v = null;
        try
        {
            v = backend.Allocate<T>(rows * columns);
            return new(backend, v, backend.Allocate<T>(rows * columns), rows, columns);
        }
        catch (DeviceOutOfMemoryException)
        {
            v?.Dispose();
            return null;
        }
    }

    /// <summary>Row i of result ← A · row i of v, by a product in the vectors of its own.</summary>
    public void Run(MatrixView<T> v, MatrixView<T> result, Action<MatrixView<T>, MatrixView<T>> product)
    {
        Copy(v, V);
        product(V, Result);
        Copy(Result, result);
    }

    /// <summary>Records the product, which has been run; false where the memory for that is not there.</summary>
    public bool TryRecord(Action<MatrixView<T>, MatrixView<T>> product)
    {
        try
        {
            _recording = _backend.Capture(() => product(V, Result));
            return true;
        }
        catch (DeviceOutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>The same product once more, for other vectors.</summary>
    public void Replay(MatrixView<T> v, MatrixView<T> result) => Run(v, result, (_, _) => _recording!.Replay());

    /// <summary>Replays that are queued run to their end.</summary>
    public void Dispose()
    {
        _recording?.Dispose();
        _v.Dispose();
        _result.Dispose();
    }

    private void Copy(MatrixView<T> from, MatrixView<T> to)
    {
        if (from.Stride == from.Columns && to.Stride == to.Columns)
        {
            _backend.Ops<T>().Copy(from.AsVector(), to.AsVector());
            return;
        }

        for (long i = 0; i < from.Rows; i++)
        {
            _backend.Ops<T>().Copy(from.Row(i), to.Row(i));
        }
    }
}
