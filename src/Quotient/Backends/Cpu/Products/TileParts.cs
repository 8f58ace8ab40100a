using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// The tile loop of every product: for each block of k, for each panel of columns, for each panel of rows, a tile of sums that is
/// finished into C. A part is some rows by some columns, over all blocks; what the factors are read from is theirs to say.
/// </summary>
internal readonly unsafe struct TileParts<T, TFactors>(
    StridedProduct<T> product, TFactors factors, int rowParts, int columnParts, Kernels<T> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
    where TFactors : struct, IFactors<T>
{
    private const int DepthWorthPrefetching = 128, BytesWorthPrefetching = 1 << 20;

    public int Count => rowParts * columnParts;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (rowPart, columnPart) = Math.DivRem(index, columnParts);
        var (firstPanel, endPanel) = Blocking.Share(factors.Panels, columnParts, columnPart);
        nint tileRows = factors.TileRows, allRows = product.Rows;
        var (firstTile, endTile) = Blocking.Share(Blocking.CeilingDivide(allRows, tileRows), rowParts, rowPart);
        nint row = firstTile * tileRows, rows = Math.Min(endTile * tileRows, allRows) - row;
        var work = factors.Take(scratch, thread, endTile - firstTile);
        var p = product;
        nint blocks = factors.Blocks;
        for (nint block = 0; block < blocks; block++)
        {
            var left = factors.Ready(block, row, rows, work);
            for (nint panel = firstPanel; panel < endPanel; panel++)
            {
                Column(&p, block, panel, row, rows, left, work.Tile);
            }
        }
    }

    /// <summary>All rows of the part by one panel of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Column(StridedProduct<T>* p, nint block, nint panel, nint row, nint rows, LeftPanels<T> a, T* tile)
    {
        nint depth = factors.DepthOf(block), k = factors.StepOf(block), tileRows = factors.TileRows;
        bool first = k == 0, last = k + depth >= p->Depth;
        int columns = (int)factors.WidthOf(panel), vectors = columns > kernels.Lanes ? 2 : 1;
        nint column = factors.FirstColumn + (panel * kernels.Columns);
        bool deep = depth >= DepthWorthPrefetching, large = p->Rows * p->Columns * sizeof(T) > BytesWorthPrefetching;
        T* b = factors.Right(block, panel, out nint bStep);
        var left = a.First;
        for (nint i = 0; i < rows; i += tileRows, left++)
        {
            int height = (int)Math.Min(tileRows, rows - i);
            if (TFactors.Prefetches && (deep || large))
            {
                // A shallow tile is done before its own part of C arrives; it asks for a later one's.
                Prefetch(p, row + i, deep ? column : column + (2 * kernels.Columns), height);
            }

            factors.Multiply(height, vectors, depth, left, a.Row, a.Step, b, bStep, tile);
            kernels.Finish(tile, height, columns, p, row + i, column, first, last);
        }
    }

    /// <summary>Asks for the tile of C, which is wanted only after the product: its latency would show at every tile.</summary>
    private static void Prefetch(StridedProduct<T>* p, nint row, nint column, int rows)
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
}
