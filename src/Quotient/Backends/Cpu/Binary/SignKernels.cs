using System.Runtime.Intrinsics;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>The kernel that counts differing signs, at one vector width, or by tables.</summary>
internal sealed unsafe class SignKernels
{
    private SignKernels()
    {
    }

    /// <summary>What suits this machine.</summary>
    public static SignKernels Best { get; } = SixBits.IsSupported ? WithTables() : OfWidth(
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 64);

    /// <summary>Whether rows that are not too deep go by <see cref="SixBits"/>.</summary>
    public bool UsesTables { get; private init; }

    /// <summary>Columns of a panel.</summary>
    public int Lanes { get; private init; }

    /// <inheritdoc cref="Differences{TWords, TVector}.Count"/>
    public delegate*<nint, ulong*, ulong*, ulong*, nint, ulong*, nint, void> Count { get; private init; }

    /// <summary>Tables, and 512 bits where they do not reach.</summary>
    public static SignKernels WithTables() =>
        new() { Lanes = Words512.Lanes, Count = &Differences<Words512, Vector512<ulong>>.Count, UsesTables = true };

    /// <summary>The kernels of 64, 256 or 512 bits, which work, if slowly, where the machine has no such vectors.</summary>
    public static SignKernels OfWidth(int bits) => bits switch
    {
        512 => new() { Lanes = Words512.Lanes, Count = &Differences<Words512, Vector512<ulong>>.Count },
        256 => new() { Lanes = Words256.Lanes, Count = &Differences<Words256, Vector256<ulong>>.Count },
        _ => new() { Lanes = Words64.Lanes, Count = &Differences<Words64, ulong>.Count },
    };
}
