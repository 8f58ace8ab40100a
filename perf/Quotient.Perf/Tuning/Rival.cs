using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;

namespace Quotient.Perf.Tuning;

/// <summary>The operations of a device with one kernel's tile replaced, for all shapes.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="Ops">The operations.</param>
internal sealed record Rival<T>(KernelTile Tile, IOps<T> Ops) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A kernel with one tile, of a device whose other kernels have their defaults.</summary>
    public static Rival<T> Of(GpuBackend backend, MatrixPrecision products, string kernel, KernelTile tile)
    {
        var tuned = KernelTile.Shapes(kernel).Aggregate(
            TunedValues.None, (values, shape) => values.With(TunedKey.Of<T>(kernel, shape), tile));
        return new(tile, backend.OpsWith<T>(products, tuned));
    }

    /// <summary>What is wrong with its results, in a sentence; null where they are the reference's.</summary>
    public string? Mistake(GpuBackend backend, IEnumerable<OpCase> cases, double tolerance)
    {
        using var reference = new ReferenceBackend();
        foreach (var item in cases)
        {
            foreach (bool isRagged in new[] { true, false })
            {
                var (got, wanted) = (Run(new Substitute(backend, Ops), item, isRagged), Run(reference, item, isRagged));
                for (int i = 0; i < wanted.Count; i++)
                {
                    double error = got[i].ErrorAgainst(wanted[i]);
                    if (got[i].Overrun is not null || !(error <= tolerance))
                    {
                        return $"{item}: {got[i].Overrun ?? $"an error of {error:0.0e-0}"}";
                    }
                }
            }
        }

        return null;
    }

    private static IReadOnlyList<Output> Run(IBackend backend, OpCase item, bool isRagged)
    {
        using var bench = new OpBench<T>(backend, 1, isRagged);
        item.Prepare(bench)();
        return bench.Outputs();
    }

    /// <summary>A backend that hands out other operations.</summary>
    private sealed class Substitute(GpuBackend backend, IOps<T> ops) : IBackend
    {
        public DeviceInfo Device => backend.Device;

        public long AvailableMemory => backend.AvailableMemory;

        public IOps<TElement> Ops<TElement>() where TElement : unmanaged, IFloatingPointIeee754<TElement> =>
            ops as IOps<TElement> ?? backend.Ops<TElement>();

        public DeviceBuffer<TElement> Allocate<TElement>(long length) where TElement : unmanaged => backend.Allocate<TElement>(length);

        public void Write<TElement>(ReadOnlySpan<TElement> source, VectorView<TElement> destination) where TElement : unmanaged =>
            backend.Write(source, destination);

        public void Read<TElement>(VectorView<TElement> source, Span<TElement> destination) where TElement : unmanaged =>
            backend.Read(source, destination);

        public void Synchronise() => backend.Synchronise();

        public void Dispose()
        {
        }
    }
}
