using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Cpu.Binary;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Tests.Backends.Cpu;

/// <summary>
/// Products of signs, and of signs with whole numbers small enough that every sum is exact, so that any width, order and number
/// of threads must give the very same numbers.
/// </summary>
public unsafe class BinaryMultiplierTests
{
    private static readonly (int Rows, int Columns, int Depth)[] Shapes =
    [
        (1, 1, 1), (5, 3, 2), (2, 8, 63), (3, 9, 64), (8, 17, 65), (9, 33, 500), (12, 32, 513), (300, 40, 129), (61, 10, 1030),
        (10, 61, 1100), (3, 2, 40_000), (7, 65, 384), (67, 128, 385), (4, 129, 767), (2, 3, 70_000),
    ];

    [Test]
    public void Every_width_multiplies_signs_exactly([Values(64, 256, 512)] int bits, [Values(1, 3)] int threads) =>
        Signs(SignKernels.OfWidth(bits), threads);

    [Test]
    public void Tables_multiply_signs_exactly([Values(1, 3)] int threads)
    {
        if (!SixBits.IsSupported)
        {
            Assert.Inconclusive("No instruction here looks up 64 bytes.");
        }

        Signs(SignKernels.WithTables(), threads);
    }

    /// <summary>Counters of every width hold what differs everywhere.</summary>
    [Test]
    public void Opposite_signs_overflow_no_counter(
        [Values(64, 256, 512, 6)] int bits, [Values(252, 258, 15_872, 16_384, 65_535, 65_536, 140_000)] int depth)
    {
        if (bits == 6 && !SixBits.IsSupported)
        {
            Assert.Inconclusive("No instruction here looks up 64 bytes.");
        }

        using var setting = new Setting(bits == 6 ? SignKernels.WithTables() : SignKernels.OfWidth(bits), 512, 1);
        int[] plus = [.. Enumerable.Repeat(1, depth)], minus = [.. Enumerable.Repeat(-1, depth)];
        using HostBuffer<ulong> a = Pack(plus, 1, depth), b = Pack(minus, 1, depth);
        double[] result = [double.NaN];
        setting.Multiply(new(a, 1, depth), new(b, 1, depth), result);
        Assert.That(result[0], Is.EqualTo(0.3 * -depth));
    }

    private static void Signs(SignKernels kernels, int threads)
    {
        using var setting = new Setting(kernels, 512, threads);
        foreach (var (rows, columns, depth) in Shapes)
        {
            var random = new Random(depth);
            int[] a = Signs(random, rows * depth), b = Signs(random, columns * depth);
            using HostBuffer<ulong> packedA = Pack(a, rows, depth), packedB = Pack(b, columns, depth);
            float[] single = Poisoned<float>(rows * columns);
            double[] twice = Poisoned<double>(rows * columns);
            setting.Multiply(new(packedA, rows, depth), new(packedB, columns, depth), single);
            setting.Multiply(new(packedA, rows, depth), new(packedB, columns, depth), twice);
            for (int i = 0; i < rows * columns; i++)
            {
                int sum = Dot(a.AsSpan(i / columns * depth, depth), b.AsSpan(i % columns * depth, depth));
                Assert.That((single[i], twice[i]), Is.EqualTo((0.3f * sum, 0.3 * sum)), $"{rows} × {columns} × {depth}, {i}");
            }
        }
    }

    [Test]
    public void Every_width_multiplies_floats_by_signs_exactly(
        [Values(128, 256, 512)] int bits, [Values] bool transposed, [Values(1, 3)] int threads) =>
        Mixed<float>(bits, transposed, threads);

    [Test]
    public void Every_width_multiplies_doubles_by_signs_exactly(
        [Values(128, 256, 512)] int bits, [Values] bool transposed, [Values(1, 3)] int threads) =>
        Mixed<double>(bits, transposed, threads);

    private static void Mixed<T>(int bits, bool transposed, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var setting = new Setting(SignKernels.Best, bits, threads);
        foreach (var (rows, columns, depth) in Shapes)
        {
            var random = new Random(depth);
            int[] x = [.. Enumerable.Range(0, rows * depth).Select(_ => random.Next(-3, 4))], b = Signs(random, columns * depth);
            using var packed = Pack(b, columns, depth);
            T[] values = new T[rows * depth], result = Poisoned<T>(rows * columns);
            for (int i = 0; i < values.Length; i++)
            {
                values[transposed ? (i % depth * rows) + (i / depth) : i] = T.CreateChecked(x[i]);
            }

            fixed (T* a = values, c = result)
            {
                setting.Multiply(
                    new StridedProduct<T>
                    {
                        Rows = rows,
                        Columns = columns,
                        Depth = depth,
                        A = a,
                        ARow = transposed ? 1 : depth,
                        AColumn = transposed ? rows : 1,
                        C = c,
                        CRow = columns,
                        CColumn = 1,
                        Alpha = T.One,
                    },
                    new(packed, columns, depth));
            }

            for (int i = 0; i < rows * columns; i++)
            {
                int sum = Dot(x.AsSpan(i / columns * depth, depth), b.AsSpan(i % columns * depth, depth));
                Assert.That(result[i], Is.EqualTo(T.CreateChecked(sum)), $"{rows} × {columns} × {depth}, {i}");
            }
        }
    }

    private static int[] Signs(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.Next(2)) - 1)];

    private static T[] Poisoned<T>(int count) where T : IFloatingPointIeee754<T> => [.. Enumerable.Repeat(T.NaN, count)];

    private static int Dot(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        int sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static HostBuffer<ulong> Pack(int[] signs, int rows, int columns)
    {
        long words = BitMatrix.WordsFor(columns);
        var buffer = new HostBuffer<ulong>(rows * words);
        var target = buffer.All.Span();
        target.Clear();
        for (int i = 0; i < signs.Length; i++)
        {
            var (row, column) = Math.DivRem(i, columns);
            target[(int)((row * words) + (column / 64))] |= (signs[i] > 0 ? 1UL : 0) << (column % 64);
        }

        return buffer;
    }

    /// <summary>Kernels, and a number of threads.</summary>
    private sealed class Setting(SignKernels signs, int bits, int threads) : IDisposable
    {
        private readonly WorkerPool _pool = new(threads);
        private readonly Scratch _scratch = new(threads);

        public void Multiply<T>(BitMatrix a, BitMatrix b, T[] result) where T : unmanaged, IFloatingPointIeee754<T>
        {
            using var c = new HostBuffer<T>(result.Length);
            Multiplier<T>().Multiply(T.CreateTruncating(0.3), new(a), new(b), new(c.Matrix(a.Rows, b.Rows)));
            c.All.Span().CopyTo(result);
        }

        public void Multiply<T>(in StridedProduct<T> product, BitMatrix b) where T : unmanaged, IFloatingPointIeee754<T> =>
            Multiplier<T>().Multiply(product, new(b));

        public void Dispose()
        {
            _pool.Dispose();
            _scratch.Dispose();
        }

        private BinaryMultiplier<T> Multiplier<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
            new(signs, MixedKernels<T>.OfWidth(bits), _pool, _scratch);
    }
}
