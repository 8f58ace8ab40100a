namespace Quotient.Backends;

/// <summary>What a device's clock, units and memory bus allow, where its interface tells; NaN where it does not.</summary>
/// <param name="Single">Operations a second in single precision, a multiply–add counting as two.</param>
/// <param name="Double">Operations a second in double precision.</param>
/// <param name="Tensor">Operations a second of its tensor cores on factors of 11 bits (<c>tf32</c>).</param>
/// <param name="Memory">Bytes a second to and from its memory.</param>
public sealed record DevicePeaks(double Single, double Double, double Tensor, double Memory)
{
    /// <summary>Nothing is known.</summary>
    public static DevicePeaks Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The peaks of an NVIDIA GPU.</summary>
    /// <param name="architecture">Its compute capability, 90 for 9.0.</param>
    /// <param name="multiprocessors">How many multiprocessors it has.</param>
    /// <param name="clock">Their highest clock, in Hz.</param>
    /// <param name="memoryClock">The clock of its memory, in Hz, which transfers twice a cycle; 0 where unknown.</param>
    /// <param name="memoryBits">The width of its memory bus, in bits.</param>
    /// <remarks>
    /// Multiply–adds a multiprocessor and cycle: <em>CUDA C++ Programming Guide</em>, throughput of native arithmetic instructions;
    /// those of tensor cores, dense, from the architectures' white papers.
    /// </remarks>
    public static DevicePeaks OfCuda(int architecture, int multiprocessors, double clock, double memoryClock, int memoryBits)
    {
        var (single, @double, tensor) = architecture switch
        {
            80 => (64, 32, 512),
            86 or 87 or 89 => (128, 2, 128),
            90 => (128, 64, 1024),
            100 or 103 => (128, 64, 2048),
            120 or 121 => (128, 2, 128),
            _ => (double.NaN, double.NaN, double.NaN),
        };
        double cycles = 2.0 * multiprocessors * clock;
        double memory = memoryClock > 0 && memoryBits > 0 ? 2 * memoryClock * memoryBits / 8 : double.NaN;
        return new(single * cycles, @double * cycles, tensor * cycles, memory);
    }

    /// <summary>Operations a second of a matrix product in single precision; the three terms of a split product share the tensor cores.</summary>
    public double Of(MatrixPrecision products) => products switch
    {
        MatrixPrecision.SplitTensor => Tensor / 3,
        MatrixPrecision.Tensor => Tensor,
        _ => Single,
    };
}
