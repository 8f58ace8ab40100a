using Quotient.Backends.Gpu.OpenCl;

namespace Quotient.Oclgrind;

/// <summary>oclgrind's device, whose memory is cleared by writes that oclgrind takes note of.</summary>
/// <remarks>
/// oclgrind 21.10 takes each write of the host for the whole buffer's contents (<c>Uninitialized::hostMemoryStore</c>), and a fill
/// for a write of its pattern: what was cleared by a fill would be uninitialised for ever, even where a kernel has written since.
/// </remarks>
internal sealed unsafe class CheckedDevice(OpenClDeviceId id) : OpenClDevice(id)
{
    private const string Name = "Oclgrind Simulator";

    /// <summary>The device, as a processor with groups of one thread, or as a GPU of two multiprocessors.</summary>
    public static CheckedDevice Open(bool isProcessor)
    {
        if (OpenClDeviceId.All() is not [{ Info.Name: Name } id])
        {
            throw new InvalidOperationException($"'{Name}' is not the one OpenCL device: OCL_ICD_VENDORS must name its folder.");
        }

        return new(id with { Traits = id.Traits with { IsProcessor = isProcessor, ComputeUnits = 2 } });
    }

    public override void Clear(nint memory, long bytes)
    {
        fixed (byte* zeros = new byte[bytes])
        {
            Write(zeros, memory, 0, bytes);
            Synchronise();
        }
    }
}
