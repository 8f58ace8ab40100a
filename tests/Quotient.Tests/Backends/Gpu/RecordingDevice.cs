using System.Runtime.InteropServices;
using System.Text;
using Quotient.Backends;
using Quotient.Backends.Gpu;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>
/// A device that computes nothing and notes what it is asked to: every program it loads, every launch with the sizes of its
/// arguments. Memory reads as zeros. A program's compiled form is its text.
/// </summary>
internal sealed unsafe class RecordingDevice(GpuTraits traits) : GpuDevice
{
    private readonly List<string> _programs = [];
    private readonly List<(string Source, string Name)> _kernels = [];
    private nint _nextMemory = 256;

    /// <summary>How often <see cref="Compile"/> was called.</summary>
    public int Compilations { get; private set; }

    /// <summary>The texts of all programs loaded.</summary>
    public IReadOnlyList<string> Programs => _programs;

    /// <summary>All launches, each sort once.</summary>
    public HashSet<RecordedLaunch> Launches { get; } = [];

    public override DeviceInfo Info { get; } = new("recording", "records what it is asked to do", long.MaxValue, 1, "");

    public override GpuTraits Traits { get; } = traits;

    public override long FreeMemory => 1L << 40;

    public static GpuTraits Cuda(int architecture, int units, int localBytes) =>
        new("cuda", $"recording, {architecture}", false, units, 1024, localBytes, architecture);

    public override nint Allocate(long bytes) => _nextMemory += 256;

    public override void Release(nint memory)
    {
    }

    public override HostArea AllocateHost(int bytes) =>
        new((nint)NativeMemory.Alloc((nuint)bytes), 1, bytes);

    public override void ReleaseHost(HostArea area) => NativeMemory.Free(area.Pointer);

    public override void Clear(nint memory, long bytes)
    {
    }

    public override void Write(void* source, nint memory, long offset, long bytes)
    {
    }

    public override void Read(nint memory, long offset, void* destination, long bytes) =>
        new Span<byte>(destination, (int)bytes).Clear();

    public override nint Mark() => 1;

    public override void Wait(nint mark)
    {
    }

    public override void Synchronise()
    {
    }

    public override byte[] Compile(string source)
    {
        Compilations++;
        return Encoding.UTF8.GetBytes(source);
    }

    public override nint? Load(byte[] binary)
    {
        _programs.Add(Encoding.UTF8.GetString(binary));
        return _programs.Count;
    }

    public override nint Kernel(nint program, string name)
    {
        _kernels.Add((_programs[(int)program - 1], name));
        return _kernels.Count;
    }

    public override void Launch(nint kernel, LaunchShape shape, in Arguments arguments)
    {
        int[] sizes = new int[arguments.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = arguments.Size(i);
        }

        var (source, name) = _kernels[(int)kernel - 1];
        Launches.Add(new(source, name, shape, string.Join(' ', sizes)));
    }

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>A launch of a kernel: the bytes of each argument are separated by spaces.</summary>
internal sealed record RecordedLaunch(string Source, string Kernel, LaunchShape Shape, string ArgumentSizes);
