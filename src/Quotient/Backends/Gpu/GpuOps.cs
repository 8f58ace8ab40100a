using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>The operations as launches of kernels; this part has what the others share.</summary>
/// <param name="backend">Whose memory and programs it uses.</param>
/// <param name="precision">How floats are multiplied.</param>
/// <param name="tuned">What replaces kernels' defaults.</param>
internal sealed partial class GpuOps<T>(GpuBackend backend, MatrixPrecision precision, TunedValues tuned) : IOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Threads of a group where nothing else is asked for; a processor's groups are of one.</summary>
    private const int Threads = 256;

    /// <summary>How elements are dealt to groups.</summary>
    private readonly ElementsTile _elements = Tuned(backend, tuned, ElementsTile.Kernel, ElementsTile.Default);

    /// <summary>The first stage's sums.</summary>
    private readonly WorkSpace<double> _partials = new(backend);

    private GpuTraits Traits => backend.Gpu.Traits;

    private int ThreadsOfGroup => Traits.IsProcessor ? 1 : Threads;

    /// <summary>Groups for a number of elements: enough to fill the device, no more than there is work for.</summary>
    private int Groups(long elements) => (int)Math.Clamp(
        LaunchShape.Ceiling(elements, _elements.ElementsOfGroup), 1, (long)Traits.ComputeUnits * _elements.GroupsOfUnit);

    /// <summary>The launch of a kernel that goes over elements with FOR_EACH.</summary>
    private LaunchShape Each(long elements) => LaunchShape.Linear(Groups(elements), ThreadsOfGroup);

    private void Launch(string file, string kernel, LaunchShape shape, in Arguments arguments, KernelParameters parameters = default) =>
        backend.Gpu.Launch(backend.Catalogue.Get<T>(file, kernel, parameters), shape, arguments);

    /// <summary>A launch over elements, of which there may be none.</summary>
    private void LaunchEach(string file, string kernel, long elements, in Arguments arguments)
    {
        if (elements > 0)
        {
            Launch(file, kernel, Each(elements), arguments);
        }
    }

    /// <summary>A kernel's tile for all shapes.</summary>
    private static TTile Tuned<TTile>(GpuBackend backend, TunedValues tuned, string kernel, TTile otherwise) where TTile : KernelTile =>
        tuned.Find<TTile>(TunedKey.Of<T>(kernel), backend.Gpu.Traits) ?? otherwise;

    private static void RequireSame(long length, long other) => ArgumentOutOfRangeException.ThrowIfNotEqual(length, other);
}
