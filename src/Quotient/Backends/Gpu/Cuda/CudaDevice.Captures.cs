using static Quotient.Backends.Gpu.Cuda.CudaNative;

namespace Quotient.Backends.Gpu.Cuda;

/// <summary>Recorded work, as CUDA's graphs: one launch in place of many.</summary>
internal sealed unsafe partial class CudaDevice
{
    private readonly HashSet<nint> _recordings = [];
    private readonly List<nint> _releasedInCapture = [];
    private bool _isCapturing;

    public override bool Captures => true;

    /// <remarks>
    /// Relaxed, so that neither another thread's calls nor a program loaded on first use spoil the recording; what would be wrong
    /// in one is refused by <see cref="RequireNoCapture"/>.
    /// </remarks>
    public override nint Capture(Action work)
    {
        RequireNoCapture();
        MakeCurrent();
        Check(cuStreamBeginCapture_v2(_stream, CaptureRelaxed), nameof(cuStreamBeginCapture_v2));
        _isCapturing = true;
        bool isWhole = false;
        nint graph = 0;
        int code;
        try
        {
            work();
            isWhole = true;
        }
        finally
        {
            _isCapturing = false;
            MakeCurrent();
            code = cuStreamEndCapture(_stream, &graph);
            if (!isWhole && graph != 0)
            {
                _ = cuGraphDestroy(graph);
            }

            ReleaseDeferred();
        }

        Check(code, nameof(cuStreamEndCapture));
        return Instantiate(graph);
    }

    public override void Replay(nint recording)
    {
        RequireNoCapture();
        MakeCurrent();
        Check(cuGraphLaunch(recording, _stream), nameof(cuGraphLaunch));
    }

    /// <summary>A replay that is still queued runs to its end. Nothing is left to free once the device is closed.</summary>
    public override void ReleaseRecording(nint recording)
    {
        if (_recordings.Remove(recording))
        {
            MakeCurrent();
            Check(cuGraphExecDestroy(recording), nameof(cuGraphExecDestroy));
        }
    }

    private nint Instantiate(nint graph)
    {
        nint recording;
        int code;
        string call = nameof(cuGraphInstantiateWithFlags);
        try
        {
            code = cuGraphInstantiateWithFlags(&recording, graph, 0);
        }
        catch (EntryPointNotFoundException)
        {
            call = nameof(cuGraphInstantiate_v2);
            code = cuGraphInstantiate_v2(&recording, graph, null, null, 0);
        }
        finally
        {
            _ = cuGraphDestroy(graph);
        }

        Check(code, call);
        _recordings.Add(recording);
        return recording;
    }

    private void ReleaseDeferred()
    {
        foreach (nint memory in _releasedInCapture)
        {
            _memory.Release(memory);
        }

        _releasedInCapture.Clear();
    }

    private void RequireNoCapture()
    {
        if (_isCapturing)
        {
            throw new InvalidOperationException("Recorded work may not allocate, write from the host, read, wait or replay.");
        }
    }
}
