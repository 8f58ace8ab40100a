using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>The tiles of C that a slab of B contributes to; each part is some rows by some columns, over all k of the slab.</summary>
internal readonly unsafe struct TileParts<T>(Slab<T> slab, Kernels<T> kernels, Scratch scratch) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly nint _strips = Blocking.CeilingDivide(slab.Columns, slab.Blocking.TaskColumns);

    public int Count => (int)(_strips * Blocking.CeilingDivide(slab.Product.Rows, slab.Blocking.TaskRows));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (rowPart, strip) = Math.DivRem(index, (int)_strips);
        var blocking = slab.Blocking;
        nint row = rowPart * blocking.TaskRows, rows = Math.Min(blocking.TaskRows, slab.Product.Rows - row);
        nint panelsOfStrip = blocking.TaskColumns / kernels.Columns;
        nint firstPanel = strip * panelsOfStrip, endPanel = Math.Min(slab.Panels, firstPanel + panelsOfStrip);
        nint sizeOfTile = kernels.Rows * kernels.Columns;
        T* tile = scratch.Own<T>(thread, sizeOfTile + (blocking.PackA ? blocking.TaskRows * blocking.Depth : 0));
        for (nint block = 0; block < slab.Blocks; block++)
        {
            T* packed = blocking.PackA ? PackRows(block, row, rows, tile + sizeOfTile) : null;
            for (nint panel = firstPanel; panel < endPanel; panel++)
            {
                Column(block, panel, row, rows, packed, tile);
            }
        }
    }

    /// <summary>All rows of the part by one panel of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Column(nint block, nint panel, nint row, nint rows, T* packed, T* tile)
    {
        var product = slab.Product;
        nint depth = slab.DepthOf(block), k = slab.FirstDepth + (block * slab.Blocking.Depth);
        bool first = k == 0, last = k + depth >= product.Depth;
        int columns = (int)slab.ColumnsOf(panel), vectors = columns > kernels.Lanes ? 2 : 1;
        nint column = slab.FirstColumn + (panel * kernels.Columns);
        T* b = slab.Panel(block, panel, out nint bStep);
        var (aRow, aStep) = packed == null ? (product.ARow, product.AColumn) : (1, kernels.Rows);
        T* a = packed == null ? product.A + (row * product.ARow) + (k * product.AColumn) : packed;
        nint nextA = packed == null ? kernels.Rows * aRow : kernels.Rows * depth;
        for (nint i = 0; i < rows; i += kernels.Rows, a += nextA)
        {
            int height = (int)Math.Min(kernels.Rows, rows - i);
            Prefetch(&product, row + i, column, height);
            kernels.Multiply(height, vectors, depth, a, aRow, aStep, b, bStep, tile);
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

    private T* PackRows(nint block, nint row, nint rows, T* target)
    {
        var p = slab.Product;
        nint depth = slab.DepthOf(block), k = slab.FirstDepth + (block * slab.Blocking.Depth);
        T* source = p.A + (row * p.ARow) + (k * p.AColumn);
        Packing<T>.Panels(source, p.ARow, p.AColumn, rows, depth, kernels.Rows, target);
        return target;
    }
}
