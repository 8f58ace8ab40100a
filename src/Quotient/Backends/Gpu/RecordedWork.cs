namespace Quotient.Backends.Gpu;

/// <summary>Recorded work in any precision.</summary>
internal interface IRecordedWork : IDisposable;

/// <summary>Work that reads and writes vectors of its own, so that it can be recorded once and replayed for any others.</summary>
internal sealed class RecordedWork<T> : IRecordedWork where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly GpuBackend _backend;
    private readonly DeviceBuffer<T> _input, _output;
    private readonly MatrixView<T> _from, _to;
    private nint? _recording;

    private RecordedWork(GpuBackend backend, DeviceBuffer<T> input, DeviceBuffer<T> output, MatrixView<T> from, MatrixView<T> to)
    {
        (_backend, _input, _output) = (backend, input, output);
        (_from, _to) = (input.Matrix(from.Rows, from.Columns), output.Matrix(to.Rows, to.Columns));
    }

    /// <summary>Room for work on matrices of these shapes; null where the memory is not there.</summary>
    public static RecordedWork<T>? TryAllocate(GpuBackend backend, MatrixView<T> input, MatrixView<T> output)
    {
        DeviceBuffer<T>? own = null;
        try
        {
            own = backend.Allocate<T>(input.Rows * input.Columns);
            return new(backend, own, backend.Allocate<T>(output.Rows * output.Columns), input, output);
        }
        catch (DeviceOutOfMemoryException)
        {
            own?.Dispose();
            return null;
        }
    }

    /// <summary>output ← the work on input, by way of the vectors of its own.</summary>
    public void Run(MatrixView<T> input, MatrixView<T> output, Action<MatrixView<T>, MatrixView<T>> work)
    {
        Copy(input, _from);
        work(_from, _to);
        Copy(_to, output);
    }

    /// <summary>Records the work, which has been run; false where the memory for that is not there.</summary>
    public bool TryRecord(Action<MatrixView<T>, MatrixView<T>> work)
    {
        try
        {
            _recording = _backend.Gpu.Capture(() => work(_from, _to));
            return true;
        }
        catch (DeviceOutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>The same work once more, for another input and output.</summary>
    public void Replay(MatrixView<T> input, MatrixView<T> output) => Run(input, output, (_, _) => _backend.Gpu.Replay(_recording!.Value));

    /// <summary>Replays that are queued run to their end.</summary>
    public void Dispose()
    {
        if (_recording is { } recording)
        {
            _backend.Gpu.ReleaseRecording(recording);
        }

        _input.Dispose();
        _output.Dispose();
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
