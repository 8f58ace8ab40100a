using Quotient.Backends.Gpu;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>
/// A device that records launches as CUDA does: nothing runs meanwhile, the arguments are those of the recording, and what CUDA
/// refuses in a recording is refused. Memory that a recording uses must outlive it.
/// </summary>
internal sealed unsafe class ReplayingDevice(GpuDevice inner) : DeviceAround(inner)
{
    private readonly Dictionary<nint, List<RecordedCall>> _recordings = [];
    private List<RecordedCall>? _current;
    private nint _last;

    public override bool Captures => true;

    /// <summary>How often work was recorded.</summary>
    public int Recorded { get; private set; }

    /// <summary>How often recorded work was queued again.</summary>
    public int Replays { get; private set; }

    /// <summary>Launches that were queued one by one.</summary>
    public int Launches { get; private set; }

    /// <summary>Recordings that have not been freed.</summary>
    public int Held => _recordings.Count;

    public override nint Capture(Action work)
    {
        RequireNoCapture();
        _current = [];
        try
        {
            work();
            _recordings.Add(++_last, _current);
        }
        finally
        {
            _current = null;
        }

        Recorded++;
        return _last;
    }

    public override void Replay(nint recording)
    {
        RequireNoCapture();
        foreach (var (kernel, shape, arguments) in _recordings[recording])
        {
            base.Launch(kernel, shape, arguments);
        }

        Replays++;
    }

    public override void ReleaseRecording(nint recording)
    {
        if (!_recordings.Remove(recording))
        {
            throw new InvalidOperationException("The recording was freed before.");
        }
    }

    public override void Launch(nint kernel, LaunchShape shape, in Arguments arguments)
    {
        if (_current is not null)
        {
            _current.Add(new(kernel, shape, arguments));
            return;
        }

        Launches++;
        base.Launch(kernel, shape, arguments);
    }

    public override void Release(nint memory)
    {
        RequireNoCapture();
        if (_recordings.Values.Any(calls => calls.Any(call => call.Uses(memory))))
        {
            throw new InvalidOperationException("Memory that a recording uses was given back.");
        }

        base.Release(memory);
    }

    public override nint Allocate(long bytes)
    {
        RequireNoCapture();
        return base.Allocate(bytes);
    }

    public override nint Kernel(nint program, string name)
    {
        RequireNoCapture();
        return base.Kernel(program, name);
    }

    public override void Write(void* source, nint memory, long offset, long bytes)
    {
        RequireNoCapture();
        base.Write(source, memory, offset, bytes);
    }

    public override void Read(nint memory, long offset, void* destination, long bytes)
    {
        RequireNoCapture();
        base.Read(memory, offset, destination, bytes);
    }

    public override nint Mark()
    {
        RequireNoCapture();
        return base.Mark();
    }

    public override void Wait(nint mark)
    {
        RequireNoCapture();
        base.Wait(mark);
    }

    public override void Synchronise()
    {
        RequireNoCapture();
        base.Synchronise();
    }

    private void RequireNoCapture()
    {
        if (_current is not null)
        {
            throw new InvalidOperationException("Recorded work may not allocate, compile, write from the host, read, wait or replay.");
        }
    }

    private sealed record RecordedCall(nint Kernel, LaunchShape Shape, Arguments Arguments)
    {
        /// <summary>Whether an argument is this memory; a handle is an address, which no size or stride happens to be.</summary>
        public bool Uses(nint memory) =>
            Enumerable.Range(0, Arguments.Count).Any(i => Arguments.Size(i) == sizeof(ulong) && Arguments[i] == (ulong)memory);
    }
}
