using System.Numerics;
using NUnit.Framework;
using Quotient.Backends.Cpu;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Tests.Backends.Cpu;

/// <summary>
/// Products of whole numbers small enough that every sum is exact, so that any width, order and number of threads must give
/// the very same numbers.
/// </summary>
public unsafe class MultiplierTests
{
    private static readonly (int Rows, int Columns, int Depth)[] Shapes =
    [
        (1, 1, 1), (5, 3, 2), (12, 32, 40), (13, 33, 41), (25, 65, 300), (61, 10, 200), (10, 61, 200), (70, 3, 90),
        (50, 140, 1030), (130, 300, 90),
    ];

    [Test]
    public void Every_width_multiplies_floats_exactly(
        [Values(128, 256, 512)] int bits, [Values] bool transposeA, [Values] bool transposeB, [Values(1, 3)] int threads) =>
        Check<float>(bits, transposeA, transposeB, threads);

    [Test]
    public void Every_width_multiplies_doubles_exactly(
        [Values(128, 256, 512)] int bits, [Values] bool transposeA, [Values] bool transposeB, [Values(1, 3)] int threads) =>
        Check<double>(bits, transposeA, transposeB, threads);

    [Test]
    public void A_kernel_writes_its_tile_and_nothing_else(
        [Values(128, 256, 512)] int bits, [Range(1, 12)] int rows, [Values(1, 2)] int vectors)
    {
        var kernels = Kernels<float>.OfWidth(bits);
        int lanes = kernels.Lanes, all = Kernels<float>.RowLimit * 2 * lanes;
        float* a = stackalloc float[12], b = stackalloc float[32], tile = stackalloc float[all];
        new Span<float>(a, 12).Fill(2);
        new Span<float>(b, 32).Fill(3);
        new Span<float>(tile, all).Fill(-1);
        kernels.Multiply(rows, vectors, 1, a, 1, 12, b, 2 * lanes, tile);
        for (int i = 0; i < all; i++)
        {
            bool inside = i / (2 * lanes) < rows && i % (2 * lanes) < vectors * lanes;
            Assert.That(tile[i], Is.EqualTo(inside ? 6 : -1), $"element {i}");
        }
    }

    private static void Check<T>(int bits, bool transposeA, bool transposeB, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pool = new WorkerPool(threads);
        using var scratch = new Scratch(threads);
        var multiplier = new Multiplier<T>(Kernels<T>.OfWidth(bits), pool, scratch);
        var random = new Random(bits);
        foreach (var (rows, columns, depth) in Shapes)
        {
            int[] a = [.. Enumerable.Range(0, rows * depth).Select(_ => random.Next(-3, 4))];
            int[] b = [.. Enumerable.Range(0, depth * columns).Select(_ => random.Next(-3, 4))];
            T[] left = [.. a.Select(T.CreateChecked)], right = [.. b.Select(T.CreateChecked)];
            T[] result = [.. Enumerable.Repeat(T.NaN, rows * columns)];
            fixed (T* pa = left, pb = right, pc = result)
            {
                multiplier.Multiply(new Product<T>
                {
                    Rows = rows,
                    Columns = columns,
                    Depth = depth,
                    A = pa,
                    ARow = transposeA ? 1 : depth,
                    AColumn = transposeA ? rows : 1,
                    B = pb,
                    BRow = transposeB ? 1 : columns,
                    BColumn = transposeB ? depth : 1,
                    C = pc,
                    CRow = columns,
                    CColumn = 1,
                    Alpha = T.One,
                });
            }

            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    int sum = 0;
                    for (int k = 0; k < depth; k++)
                    {
                        sum += a[transposeA ? (k * rows) + i : (i * depth) + k]
                            * b[transposeB ? (j * depth) + k : (k * columns) + j];
                    }

                    T got = result[(i * columns) + j];
                    if (got != T.CreateChecked(sum))
                    {
                        Assert.Fail($"{rows} × {columns} × {depth} at {bits} bits: element ({i}, {j}) is {got}, not {sum}");
                    }
                }
            }
        }
    }
}
