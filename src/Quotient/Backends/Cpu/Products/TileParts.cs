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
        var work = new PartScratch<T>(scratch, thread, kernels, blocking, endRow - firstRow);
        for (nint block = 0; block < slab.B.Blocks; block++)
        {
            var a = Rows(block, row, rows, work);
            for (nint panel = firstColumn; panel < endColumn; panel++)
            {
                Column(block, panel, row, rows, a, work.Tile);
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
        T* b = slab.B.At(block, panel, out nint bStep);
        var left = a.Panels;
        for (nint i = 0; i < rows; i += kernels.Rows, left++)
        {
            int height = (int)Math.Min(kernels.Rows, rows - i);
            if (deep || large)
            {
                // A shallow tile is done before its own part of C arrives; it asks for a later one's.
                Prefetch(&product, row + i, deep ? column : column + (2 * kernels.Columns), height);
            }

            if (left->Steps == null)
            {
                kernels.Multiply(height, vectors, depth, left->Values, a.Row, a.Step, b, bStep, tile);
            }
            else
            {
                kernels.MultiplySome(height, vectors, left->Depth, left->Steps, left->Values, a.Row, a.Step, b, bStep, tile);
            }

            kernels.Finish(tile, height, columns, &product, row + i, column, first, last);
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

    /// <summary>
    /// The rows of the part in one block of k: packed with the slab or packed here, without their empty steps; or in place.
    /// </summary>
    private Left Rows(nint block, nint row, nint rows, PartScratch<T> work)
    {
        var p = slab.Product;
        nint depth = slab.B.DepthOf(block), k = slab.FirstDepth + (block * slab.Blocking.Depth), size = kernels.Rows * depth;
        T* source = p.A + (row * p.ARow) + (k * p.AColumn);
        if (!slab.Blocking.PackA)
        {
            for (nint i = 0, panel = 0; i < rows; i += kernels.Rows, panel++)
            {
                work.Panels[panel] = new() { Values = source + (i * p.ARow), Depth = depth };
            }

            return new(work.Panels, p.ARow, p.AColumn);
        }

        if (slab.Blocking.ShareA)
        {
            source = slab.A.At(block, row / kernels.Rows, out _);
        }
        else
        {
            nint first = p.SecondA == null ? depth : p.FirstDepth - k;
            T* second = p.SecondA + (row * p.ARow) + (Math.Max(0, -first) * p.AColumn);
            Packing<T>.Panels(source, second, first, p.ARow, p.AColumn, rows, depth, kernels.Rows, work.Rows, size);
            source = work.Rows;
        }

        for (nint i = 0, panel = 0; i < rows; i += kernels.Rows, panel++)
        {
            work.Panels[panel] = SparseSteps<T>.Squeeze(
                source + (panel * size), kernels.Rows, depth, work.Rows + (panel * size), work.Steps + (panel * depth));
        }

        return new(work.Panels, 1, kernels.Rows);
    }

    /// <summary>The panels of rows of a part, and how each moves with the row and with the step.</summary>
    private readonly struct Left(LeftPanel<T>* panels, nint row, nint step)
    {
        public readonly LeftPanel<T>* Panels = panels;
        public readonly nint Row = row, Step = step;
    }
}

/// <summary>What a thread works with on one part: a tile, its packed rows, and the steps of k that they hold.</summary>
internal readonly unsafe struct PartScratch<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly T* Tile, Rows;
    public readonly LeftPanel<T>* Panels;
    public readonly int* Steps;

    public PartScratch(Scratch scratch, int thread, Kernels<T> kernels, in Blocking blocking, nint panels)
    {
        nint steps = blocking.PackA ? panels * blocking.Depth : 0;
        nint bytesOfTile = Kernels<T>.RowLimit * kernels.Columns * sizeof(T), bytesOfRows = steps * kernels.Rows * sizeof(T);
        nint bytesOfPanels = panels * sizeof(LeftPanel<T>);
        byte* memory = scratch.Own<byte>(thread, bytesOfTile + bytesOfRows + bytesOfPanels + (steps * sizeof(int)));
        Tile = (T*)memory;
        Rows = (T*)(memory + bytesOfTile);
        Panels = (LeftPanel<T>*)(memory + bytesOfTile + bytesOfRows);
        Steps = (int*)(memory + bytesOfTile + bytesOfRows + bytesOfPanels);
    }
}
