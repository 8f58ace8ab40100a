using System.Diagnostics;
using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>How a device is measured.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>A few seconds instead of half a minute: smaller problems, fewer repeats.</summary>
    public bool Quick { get; init; }

    /// <summary>CPU threads; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary>How matrices are multiplied in single precision; all ways that the device offers for <see cref="MatrixPrecision.Auto"/>.</summary>
    public MatrixPrecision Products { get; init; }
}

/// <summary>
/// Measures what a device does of what Quotient needs (copies, vectors, matrix products, Hessian products, a Lanczos step), each
/// beside what its hardware allows, as far as that can be known.
/// </summary>
/// <remarks>
/// A CPU's limits are measured in the same run: multiply–adds in registers; copies, reads and updates. A GPU's arithmetic is its
/// clock times its units, where its interface tells; its memory is held to the best stream that was measured.
/// </remarks>
public static class DeviceBenchmark
{
    /// <summary>Measures a device.</summary>
    /// <param name="device">As <see cref="Engine.Open"/> takes it.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told before each measurement what it is of, and the share that is done.</param>
    /// <param name="cancellation">Is asked between batches of calls.</param>
    /// <exception cref="QuotientException">There is no such device.</exception>
    public static BenchmarkResult Run(
        string device, BenchmarkOptions options, IProgress<(string Name, double Done)>? progress = null,
        CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        using var engine = Engine.Open(device, options.Threads, options.Products);
        var info = engine.Backend.Device;
        IReadOnlyList<MatrixPrecision> products = options.Products == MatrixPrecision.Auto ? info.Products : [options.Products];
        var run = new BenchmarkRun(engine.Backend, options.Quick, 8 + products.Count, progress, cancellation);
        MemoryBenchmarks.Measure(run);
        foreach (var precision in products.Skip(1).Reverse())
        {
            using var other = Engine.Open(info.Id, options.Threads, precision);
            ProductBenchmarks.Measure<float>(run, other.Backend, precision);
        }

        double rate = ProductBenchmarks.Measure<float>(run, engine.Backend, products[0]);
        ProductBenchmarks.Measure<double>(run, engine.Backend, MatrixPrecision.Auto);
        NetworkBenchmarks.Measure(run, products[0], rate);
        return new(info, run.Finish(), clock.Elapsed.TotalSeconds);
    }
}
