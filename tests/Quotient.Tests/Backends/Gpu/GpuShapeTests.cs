using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>
/// A processor runs its kernels in groups of one thread, so that the other tests of this machine may see no more of them. Here it
/// takes itself for a GPU: groups of 256 threads that share memory, as CUDA and a GPU's OpenCL have them, on few multiprocessors,
/// so that groups have several turns.
/// </summary>
[TestFixtureSource(nameof(Processors))]
public class GpuShapeTests(string device)
{
    private GpuBackend _backend = null!;

    public static IEnumerable<string> Processors() =>
        from id in OpenClDeviceId.All()
        where id.Traits.IsProcessor
        select id.Info.Id;

    public static IEnumerable<string> Groups() =>
        from name in OpCases.Groups.Keys
        where !name.StartsWith("Gemm", StringComparison.Ordinal)
        select name;

    [OneTimeSetUp]
    public void Open()
    {
        var id = OpenClDeviceId.All().Single(id => id.Info.Id == device);
        var traits = id.Traits with { IsProcessor = false, ComputeUnits = 1 };
        _backend = new(new OpenClDevice(id with { Traits = traits }), MatrixPrecision.Auto);
        AgainstReference.PrintSeed();
    }

    [OneTimeTearDown]
    public void Close() => _backend.Dispose();

    [TestCaseSource(nameof(Groups))]
    public void Single_precision_agrees_with_the_reference(string group) =>
        AgainstReference.Check<float>(_backend, AgainstReference.Cases(group), OpCases.SingleTolerance);
}
