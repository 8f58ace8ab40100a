using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>The tiles of C to which a slab contributes; each part is some rows by some columns, over all k of the slab.</summary>
internal readonly unsafe struct TileParts<T>(Slab<T> slab, Kernels<T> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int DepthWorthPrefetching = 128, BytesWorthPrefetching = 1 << 20;

    public int Count => slab.Blocking.RowParts * slab.Blocking.ColumnParts;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var blocking = slab.Blocking;
        var (rowPart, columnPart) = Math.DivRem(index, blocking.ColumnParts);
        var (firstColumn, endColumn) = Blocking.Share(slab.B.Count, blocking.ColumnParts, columnPart);
        nint allRows = slab.Product.Rows;
        var (firstRow, endRow) = Blocking.Share(Blocking.CeilingDivide(allRows, kernels.Rows), blocking.RowParts, rowPart);
        nint row = firstRow * kernels.Rows, rows = Math.Min(endRow * kernels.Rows, allRows) - row;
        bool packs = blocking.PackA && !blocking.ShareA;
        nint sizeOfTile = kernels.Rows * kernels.Columns, sizeOfRows = (endRow - firstRow) * kernels.Rows * blocking.Depth;
        T* tile = scratch.Own<T>(thread, sizeOfTile + (packs ? sizeOfRows : 0));
        for (nint block = 0; block < slab.B.Blocks; block++)
        {
            var a = Rows(block, row, rows, packs ? tile + sizeOfTile : null);
            for (nint panel = firstColumn; panel < endColumn; panel++)
            {
                Column(block, panel, row, rows, a, tile);
            }
        }
    }

    /// <summary>All rows of the part by one panel of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Column(nint block, nint panel, nint row, nint rows, Left a, T* tile)
    {
        var product = slab.Product;
        nint depth = slab.B.DepthOf(block), k = slab.FirstDepth + (block * slab.Blocking.Depth);
        bool first = k == 0, last = k + depth >= product.Depth;
        int columns = (int)slab.B.WidthOf(panel), vectors = columns > kernels.Lanes ? 2 : 1;
        nint column = slab.FirstColumn + (panel * kernels.Columns);
        bool deep = depth >= DepthWorthPrefetching, large = product.Rows * product.Columns * sizeof(T) > BytesWorthPrefetching;
        T* b = slab.B.At(block, panel, out nint bStep), left = a.First;
        for (nint i = 0; i < rows; i += kernels.Rows, left += a.Next)
        {
            int height = (int)Math.Min(kernels.Rows, rows - i);
            if (deep || large)
            {
                // A shallow tile is done before its own part of C arrives; it asks for a later one's.
                Prefetch(&product, row + i, deep ? column : column + (2 * kernels.Columns), height);
            }


            kernels.Multiply(height, vectors, depth, left, a.Row, a.Step, b, bStep, tile);
            kernels.Finish(tile, height, columns, &product, row + i, column, first, last);
        }
    }

    /// <summary>Asks for the tile of C, which is wanted only after the product: its latency would show at every tile.</summary>
    private static void Prefetch(Product<T>* p, nint row, nint column, int rows)
    {
        if (!Sse.IsSupported || p->CColumn != 1)
        {
            return;
        }

        T* c = p->C + (row * p->CRow) + column;
        for (int i = 0; i < rows; i++, c += p->CRow)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0((byte*)c + 64);
        }
    }

    /// <summary>The rows of the part in one block of k: packed with the slab, packed here, or in place.</summary>
    private Left Rows(nint block, nint row, nint rows, T* own)
    {
        var p = slab.Product;
        nint depth = slab.B.DepthOf(block), k = slab.FirstDepth + (block * slab.Blocking.Depth);
        T* source = p.A + (row * p.ARow) + (k * p.AColumn);
        if (slab.Blocking.ShareA)
        {
            return new(slab.A.At(block, row / kernels.Rows, out _), 1, kernels.Rows, kernels.Rows * depth);
        }

        if (own == null)
        {
            return new(source, p.ARow, p.AColumn, kernels.Rows * p.ARow);
        }

        Packing<T>.Panels(source, p.ARow, p.AColumn, rows, depth, kernels.Rows, own, kernels.Rows * depth);
        return new(own, 1, kernels.Rows, kernels.Rows * depth);
    }

    /// <summary>
    /// Where the first panel of rows begins, how it moves with the row and with k, and where the next panel is.
    /// </summary>
    private readonly struct Left(T* first, nint row, nint step, nint next)
    {
        public readonly T* First = first;
        public readonly nint Row = row, Step = step, Next = next;
    }
}
