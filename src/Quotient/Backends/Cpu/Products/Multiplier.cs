namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// Dense products, blocked as Goto and van de Geijn (2008) and BLIS (Van Zee and van de Geijn, 2015) do it: slabs of B are
/// packed by all threads together, then the threads take tiles of C, each packing its own blocks of A.
/// </summary>
internal sealed unsafe class Multiplier<T>(Kernels<T> kernels, WorkerPool pool, Scratch scratch)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int VectorsWorthDots = 8;

    /// <summary>Computes one product.</summary>
    public void Multiply(in StridedProduct<T> product)
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        if (IsDots(product))
        {
            Dots(product.Rows <= product.Columns ? product : product.Transposed());
        }
        else
        {
            bool turn = IsNarrow(product) || SparseSteps<T>.AreOnTheRight(product, kernels.Rows);
            Tiles(turn ? product.Transposed() : product);
        }
    }

    /// <summary>
    /// Computes the sum of two products that share C, its epilogue and their shape but for the depth: in one pass over C where
    /// both fit into one block of k, else one after the other.
    /// </summary>
    public void Multiply(in StridedProduct<T> first, in StridedProduct<T> second)
    {
        if (first.With(second) is { } both && IsWorthJoining(both))
        {
            Tiles(both);
            return;
        }

        Multiply(first with { Bias = null, Mask = null, Relu = false });
        Multiply(second with { Beta = T.One });
    }

    private bool IsWorthJoining(in StridedProduct<T> p)
    {
        var blocking = Blocking.Of(p, kernels, pool.Threads);
        return blocking is { PackA: true, PackB: true } && blocking.Depth >= p.Depth && !IsDots(p) && !IsNarrow(p);
    }

    /// <summary>
    /// Whether both factors run along k in memory and one is so small that packing the other would be the main cost.
    /// </summary>
    private bool IsDots(in StridedProduct<T> p) =>
        p.AColumn == 1 && p.BRow == 1 && p.Depth >= VectorsWorthDots * kernels.Lanes
        && Math.Min(p.Rows, p.Columns) <= kernels.Rows;

    /// <summary>
    /// Whether C has fewer columns than a vector has lanes, and would have enough the other way round, where A, as it lies,
    /// needs no packing.
    /// </summary>
    private bool IsNarrow(in StridedProduct<T> p) => p.Columns < kernels.Lanes && p.Rows > p.Columns && p.ARow == 1;

    private void Dots(in StridedProduct<T> product)
    {
        pool.Run(new DotParts<T>(product, kernels, scratch), product.Operations);
    }

    private void Tiles(in StridedProduct<T> product)
    {
        double operations = product.Operations;
        var blocking = Blocking.Of(product, kernels, WorkerPool.IsWorthThreads(operations) ? pool.Threads : 1);
        for (nint column = 0; column < product.Columns; column += blocking.SlabColumns)
        {
            nint columns = Math.Min(blocking.SlabColumns, product.Columns - column);
            nint k = 0;
            do
            {
                nint depth = Math.Min(blocking.SlabDepth, product.Depth - k);
                var slab = new Slab<T>(product, blocking, kernels, scratch, column, columns, k, depth);
                pool.Run(new PackParts<T, Strided<T>>(slab.B, slab.A), operations);
                pool.Run(new TileParts<T, Slab<T>>(product, slab, blocking.RowParts, blocking.ColumnParts, kernels, scratch), operations);
                k += depth;
            }
            while (k < product.Depth);
        }
    }
}
