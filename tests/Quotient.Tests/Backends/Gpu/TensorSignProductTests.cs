using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Backends.Reference;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>The product of signs for tensor cores, computed by an OpenCL device as the tensor cores would.</summary>
public class TensorSignProductTests
{
    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("QUOTIENT_TEST_SEED"), out int seed) ? seed : Environment.TickCount;

    private GpuBackend? _gpu;

    [OneTimeSetUp]
    public void Open()
    {
        if (OpenClDeviceId.All() is not [var first, ..])
        {
            Assert.Ignore("no OpenCL device");
            return;
        }

        _gpu = new(new OpenClDevice(first), MatrixPrecision.Full, emulateTensorCores: true);
        TestContext.Out.WriteLine($"QUOTIENT_TEST_SEED={Seed}");
    }

    [OneTimeTearDown]
    public void Close() => _gpu?.Dispose();

    /// <summary>Around the tile of 64 × 64 × 512, with rows of words that lie apart.</summary>
    [TestCase(1, 1, 1, 0)]
    [TestCase(64, 64, 512, 0)]
    [TestCase(65, 63, 513, 1)]
    [TestCase(17, 130, 1100, 2)]
    [TestCase(150, 9, 1600, 3)]
    public void Counts_are_exact(int m, int n, int k, int gap)
    {
        using var reference = new ReferenceBackend();
        Assert.That(Product(_gpu!, m, n, k, gap), Is.EqualTo(Product(reference, m, n, k, gap)), $"seed {Seed}");
    }

    private static float[] Product(IBackend backend, int m, int n, int k, int gap)
    {
        var random = new Random(Seed);
        using DeviceBuffer<ulong> left = Words(m), right = Words(n);
        using var result = backend.Allocate<float>(m * n);
        backend.Ops<float>().SignProduct(1 / Math.Sqrt(k), Bits(left, m), Bits(right, n), result.Matrix(m, n));
        var values = new float[m * n];
        backend.Read(result.All, values);
        return values;

        BitMatrix Bits(DeviceBuffer<ulong> words, int rows) => new(words, gap, rows, k, BitMatrix.WordsFor(k) + gap);

        // What lies between the rows is not zero, and counts for nothing.
        DeviceBuffer<ulong> Words(int rows)
        {
            long used = BitMatrix.WordsFor(k), stride = used + gap;
            var words = new ulong[gap + (rows * stride)];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan()));
            for (long last = gap + used - 1; k % BitMatrix.WordBits != 0 && last < words.Length; last += stride)
            {
                words[last] &= (1UL << (k % BitMatrix.WordBits)) - 1;
            }

            var buffer = backend.Allocate<ulong>(words.Length);
            backend.Write<ulong>(words, buffer.All);
            return buffer;
        }
    }
}
