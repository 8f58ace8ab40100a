using System.Diagnostics;
using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.Products;

namespace Quotient.Perf.Tuning;

/// <summary>
/// <c>tune [--device opencl] [--out kernels/tuned] [--seconds 600] [--only gemm,gemm_tensor,project,deflate,elements]</c>: finds the
/// parameters of kernels that suit a device and writes them to a file with the device's name, which the next build holds.
/// </summary>
internal static class TuneCommand
{
    private static readonly string[] Kernels =
        [PlainTile.Kernel, TensorTile.Kernel, BasisTile.Project, BasisTile.Deflate, ElementsTile.Kernel];

    public static void Run(Arguments arguments)
    {
        using var engine = Engine.Open(arguments.Text("device", "opencl"));
        var backend = engine.Backend as GpuBackend
            ?? throw new QuotientException($"device '{engine.Backend.Device.Id}' has no kernels to tune; opencl and cuda have");
        var (info, traits) = (backend.Device, backend.Gpu.Traits);
        string[] only = arguments.Text("only", string.Join(',', Kernels)).Split(',');
        var found = new TunedFile(info.Name);
        Console.WriteLine($"{info.Id}, {info.Name}, {info.Features}\n\n| kernel | real | shape | best tile | gain | |");
        Console.WriteLine("|---|---|---|---|--:|---|");
        string folder = arguments.Text("out", "") is { Length: > 0 } named ? named : Path.Combine(Peer.Root(), "kernels", "tuned");
        string path = Path.Combine(folder, TunedValues.FileOf(info.Name, traits));
        var race = new Race(backend, traits.IsProcessor ? 0.01 : 0.004);
        Action<Deadline>[] steps =
            [.. Steps<float>(new(backend, race, found), only, info.Products), .. Steps<double>(new(backend, race, found), only, [])];
        var deadline = new Deadline(arguments.Number("seconds", 600));
        try
        {
            for (int i = 0; i < steps.Length; i++)
            {
                steps[i](deadline.Part(steps.Length - i));
                found.WriteIfAny(path);
            }
        }
        catch (DeviceException error)
        {
            // A GPU that has failed once may fail at everything that follows; what was found before stays.
            Console.WriteLine($"stopped: {error.Message}");
            Environment.ExitCode = 1;
        }

        Console.WriteLine(found.Count > 0 ? $"\n{path}" : "\nthe defaults are the best here: no file is written");
    }

    /// <summary>What is tuned in one precision, one step after the other.</summary>
    private static IEnumerable<Action<Deadline>> Steps<T>(Tuner<T> tuner, string[] only, IReadOnlyList<MatrixPrecision> products)
        where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        .. products.Where(precision => precision != MatrixPrecision.Full && only.Contains(TensorTile.Kernel)).SelectMany(tuner.Tensor),
        .. only.Contains(PlainTile.Kernel) ? tuner.Plain() : [],
        .. only.Intersect([BasisTile.Project, BasisTile.Deflate])
            .Select(kernel => (Action<Deadline>)(deadline => tuner.Basis(kernel, deadline))),
        .. only.Contains(ElementsTile.Kernel) ? (Action<Deadline>[])[tuner.Elements] : [],
    ];
}

/// <summary>When no more candidates are taken up; those that were are compared all the same.</summary>
internal sealed class Deadline(double seconds)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public bool IsPast => Rest <= 0;

    private double Rest => seconds - Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The deadline of the next of some steps that share the rest alike, and need a third of it to compare.</summary>
    public Deadline Part(int steps) => new(Rest / steps * 2 / 3);
}
