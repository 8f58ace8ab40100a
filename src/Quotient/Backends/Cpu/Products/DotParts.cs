namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// A product of few rows whose factors both run along k in memory: every element is a dot, and nothing needs packing.
/// A part is some columns.
/// </summary>
internal readonly unsafe struct DotParts<T>(StridedProduct<T> product, Kernels<T> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ColumnsOfPart = 64;

    public int Count => (int)Blocking.CeilingDivide(product.Columns, ColumnsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var p = product;
        T* tile = scratch.Own<T>(thread, kernels.Rows * kernels.Columns);
        nint end = Math.Min(p.Columns, (nint)(index + 1) * ColumnsOfPart);
        for (nint column = (nint)index * ColumnsOfPart; column < end; column += Kernels<T>.Vectors)
        {
            int columns = (int)Math.Min(Kernels<T>.Vectors, end - column);
            Tile(&p, column, columns, tile);
        }
    }

    private void Tile(StridedProduct<T>* p, nint column, int columns, T* tile)
    {
        nint vectors = p->Depth / kernels.Lanes, done = vectors * kernels.Lanes;
        int rows = (int)p->Rows;
        T* b = p->B + (column * p->BColumn);
        kernels.Dot(rows, columns, vectors, p->A, p->ARow, b, p->BColumn, tile);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                T sum = tile[(2 * i) + j];
                for (nint k = done; k < p->Depth; k++)
                {
                    sum += p->A[(i * p->ARow) + k] * b[(j * p->BColumn) + k];
                }

                p->Store(i, column + j, sum, true, true);
            }
        }
    }
}
