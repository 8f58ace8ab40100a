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

    /// <summary>Factors like images: at half of the steps, twelve neighbours are zero together.</summary>
    [Test]
    public void Empty_steps_are_left_out_exactly(
        [Values(128, 256, 512)] int bits, [Values] bool onTheRight, [Values] bool transposeA, [Values] bool transposeB)
    {
        var random = new Random(bits);
        var (rows, columns, depth) = (190, 330, 410);
        int across = onTheRight ? columns : rows;
        bool[] empty = [.. Enumerable.Range(0, depth * ((across / 6) + 1)).Select(_ => random.Next(2) == 0)];
        int Sparse(int step, int place) => empty[(step * ((across / 6) + 1)) + (place / 6)] ? 0 : random.Next(-3, 4);
        int[] a = Matrix(rows, depth, transposeA, (i, k) => onTheRight ? random.Next(-3, 4) : Sparse(k, i / 2));
        int[] b = Matrix(depth, columns, transposeB, (k, j) => onTheRight ? Sparse(k, j / 2) : random.Next(-3, 4));
        Check<float>(bits, 2, (rows, columns, depth), (transposeA, a), (transposeB, b));
    }

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
        var random = new Random(bits);
        foreach (var shape in Shapes)
        {
            int[] a = Matrix(shape.Rows, shape.Depth, transposeA, (_, _) => random.Next(-3, 4));
            int[] b = Matrix(shape.Depth, shape.Columns, transposeB, (_, _) => random.Next(-3, 4));
            Check<T>(bits, threads, shape, (transposeA, a), (transposeB, b));
        }
    }

    /// <summary>A matrix of whole numbers, by rows or, transposed, by columns.</summary>
    private static int[] Matrix(int rows, int columns, bool transposed, Func<int, int, int> element)
    {
        var x = new int[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                x[transposed ? (j * rows) + i : (i * columns) + j] = element(i, j);
            }
        }

        return x;
    }

    private static void Check<T>(
        int bits, int threads, (int Rows, int Columns, int Depth) shape, (bool Transposed, int[] Values) a,
        (bool Transposed, int[] Values) b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pool = new WorkerPool(threads);
        using var scratch = new Scratch(threads);
        var multiplier = new Multiplier<T>(Kernels<T>.OfWidth(bits), pool, scratch);
        var (rows, columns, depth) = shape;
        var (aRow, aColumn) = a.Transposed ? (1, rows) : (depth, 1);
        var (bRow, bColumn) = b.Transposed ? (1, depth) : (columns, 1);
        T[] left = [.. a.Values.Select(T.CreateChecked)], right = [.. b.Values.Select(T.CreateChecked)];
        T[] result = [.. Enumerable.Repeat(T.NaN, rows * columns)];
        fixed (T* pa = left, pb = right, pc = result)
        {
            multiplier.Multiply(new StridedProduct<T>
            {
                Rows = rows,
                Columns = columns,
                Depth = depth,
                A = pa,
                ARow = aRow,
                AColumn = aColumn,
                B = pb,
                BRow = bRow,
                BColumn = bColumn,
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
                    sum += a.Values[(i * aRow) + (k * aColumn)] * b.Values[(k * bRow) + (j * bColumn)];
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
