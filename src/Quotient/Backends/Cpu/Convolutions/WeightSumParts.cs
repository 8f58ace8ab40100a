using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>
/// Sums of values of windows times patches: a part is a slice of the result over a share of the images. It frames some images by their padding, so
/// that a row of a window is a run of neighbours wherever the window stands, and multiplies the windows' values, where they lie, by what they see.
/// </summary>
internal readonly unsafe struct WeightSumParts<T>(WeightProduct<T> product, WeightTiling tiling, T* partial, Kernels<T> kernels, Scratch scratch)
    : IParts where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => tiling.Shares * tiling.Slices;

    public void Run(int index, int thread)
    {
        var (share, slice) = Math.DivRem(index, tiling.Slices);
        var (image, endImage) = Blocking.Share(product.Images, tiling.Shares, share);
        var (panel, endPanel) = Blocking.Share(tiling.Panels * product.Patches.KernelHeight, tiling.Slices, slice);
        var p = product.Result;
        if (tiling.Shares > 1)
        {
            p = new() { Rows = p.Rows, Columns = p.Columns, CRow = p.Columns, CColumn = 1, Alpha = T.One, C = partial + (share * p.Rows * p.Columns) };
        }

        var work = new FrameScratch<T>(scratch, thread, product, tiling, kernels);
        bool first = true;
        do
        {
            nint count = Math.Min(tiling.Bunch, endImage - image);
            Add(work, product.First, image, count, (panel, endPanel), &p, first);
            if (product.Second is { } second)
            {
                Add(work, second, image, count, (panel, endPanel), &p, false);
            }

            first = false;
            image += tiling.Bunch;
        }
        while (image < endImage);
    }

    /// <summary>What some images add to some panels of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(
        in FrameScratch<T> work, in WeightTerm<T> term, nint image, nint count, (nint First, nint End) panels, StridedProduct<T>* p, bool first)
    {
        work.Frame((T*)term.Images + (image * term.ImageStride), term.ImageStride, count);
        nint runs = work.List(count, term.Stride);
        T* values = (T*)term.Values + (image * (nint)product.Patches.Windows * term.Stride);
        nint step = (nint)product.Patches.StrideX * product.Patches.Channels, width = kernels.Columns;
        for (nint panel = panels.First; panel < panels.End; panel++)
        {
            var (y, inRow) = Math.DivRem(panel, tiling.Panels);
            nint column = inRow * width;
            int columns = (int)Math.Min(width, product.RowSize - column), vectors = columns > kernels.Lanes ? 2 : 1;
            T* seen = work.Frames + (y * product.FrameRow) + column;
            for (nint row = 0; row < p->Rows; row += tiling.TileRows)
            {
                int rows = (int)Math.Min(tiling.TileRows, p->Rows - row);
                kernels.MultiplyRuns(rows, vectors, runs, work.Runs, values + row, 1, term.Stride, seen, step, work.Tile);
                kernels.Finish(work.Tile, rows, columns, p, row, (y * product.RowSize) + column, first, true);
            }
        }
    }
}

/// <summary>The shares' sums added in order into the result: a part is some of its rows.</summary>
internal readonly unsafe struct WeightTotalParts<T>(StridedProduct<T> result, T* partial, int shares) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ElementsOfPart = 1 << 14;

    private nint RowsOfPart => Math.Max(1, ElementsOfPart / Math.Max(1, result.Columns));

    public int Count => (int)Blocking.CeilingDivide(result.Rows, RowsOfPart);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        nint end = Math.Min(result.Rows, (index + 1) * RowsOfPart), size = result.Rows * result.Columns;
        for (nint row = index * RowsOfPart; row < end; row++)
        {
            T* sums = partial + (row * result.Columns);
            nint j = 0;
            for (int step = Vector<T>.Count; j <= result.Columns - step; j += step)
            {
                var sum = Vector.Load(sums + j);
                for (int share = 1; share < shares; share++)
                {
                    sum += Vector.Load(sums + (share * size) + j);
                }

                T* c = result.C + (row * result.CRow) + j;
                (T.IsZero(result.Beta) ? result.Alpha * sum : (result.Alpha * sum) + (result.Beta * Vector.Load(c))).Store(c);
            }

            for (; j < result.Columns; j++)
            {
                T sum = sums[j];
                for (int share = 1; share < shares; share++)
                {
                    sum += sums[(share * size) + j];
                }

                result.Store(row, j, sum, true, true);
            }
        }
    }
}
