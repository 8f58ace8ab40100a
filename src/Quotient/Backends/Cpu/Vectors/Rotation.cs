using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>The first p rows of V ← Sᵀ V on each block of columns, multiplied in double by the micro-kernel.</summary>
internal readonly unsafe struct RotateParts<T>(
    MatrixPointer<T> basis, MatrixPointer<double> rotation, Kernels<double> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Columns = 256;

    public int Count => (int)((basis.Columns + Columns - 1) / Columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        long start = (long)index * Columns;
        int count = (int)Math.Min(Columns, basis.Columns - start);
        nint sizeOfTile = kernels.Rows * kernels.Columns;
        double* tile = scratch.Own<double>(thread, sizeOfTile + (basis.Rows * Columns)), block = tile + sizeOfTile;
        for (long row = 0; row < basis.Rows; row++)
        {
            Copy(basis.Row(row) + start, block + (row * Columns), count);
        }

        for (int column = 0; column < count; column += kernels.Columns)
        {
            int width = Math.Min(kernels.Columns, count - column), vectors = width > kernels.Lanes ? 2 : 1;
            for (int p = 0; p < rotation.Columns; p += kernels.Rows)
            {
                int height = (int)Math.Min(kernels.Rows, rotation.Columns - p);
                double* s = rotation.Row(0) + p;
                kernels.Multiply(height, vectors, (nint)basis.Rows, s, 1, (nint)rotation.Stride, block + column, Columns, tile);
                Put(tile, height, width, basis.Row(p) + start + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Put(double* tile, int height, int width, T* target)
    {
        int step = 2 * Vector<double>.Count;
        for (int i = 0; i < height; i++, tile += kernels.Columns, target += basis.Stride)
        {
            int j = 0;
            for (; j <= width - step; j += step)
            {
                Wide.Store(Vector.Load(tile + j), Vector.Load(tile + j + Vector<double>.Count), target + j);
            }

            for (; j < width; j++)
            {
                target[j] = Real.From<T>(tile[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(T* source, double* target, int count)
    {
        int i = 0, step = 2 * Vector<double>.Count;
        for (; i <= count - step; i += step)
        {
            Wide.Load(source + i, out var low, out var high);
            low.Store(target + i);
            high.Store(target + i + Vector<double>.Count);
        }

        for (; i < count; i++)
        {
            target[i] = Real.ToDouble(source[i]);
        }

        new Span<double>(target + count, Columns - count).Clear();
    }
}
