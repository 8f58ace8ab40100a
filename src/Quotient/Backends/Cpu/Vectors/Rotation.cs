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
            double* target = block + (row * Columns);
            Wide.ToDoubles(basis.Row(row) + start, target, count);
            new Span<double>(target + count, Columns - count).Clear();
        }

        for (int column = 0; column < count; column += kernels.Columns)
        {
            int width = Math.Min(kernels.Columns, count - column), vectors = width > kernels.Lanes ? 2 : 1;
            for (int p = 0; p < rotation.Columns; p += kernels.Rows)
            {
                int height = (int)Math.Min(kernels.Rows, rotation.Columns - p);
                double* s = rotation.Row(0) + p;
                kernels.Multiply(height, vectors, (nint)basis.Rows, s, 1, (nint)rotation.Stride, block + column, Columns, tile);
                for (int i = 0; i < height; i++)
                {
                    Wide.FromDoubles(tile + (i * kernels.Columns), basis.Row(p + i) + start + column, width);
                }
            }
        }
    }
}
