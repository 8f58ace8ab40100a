using System.Runtime.InteropServices;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>
/// Sums of values of windows times patches where a row of a window is short: a part is a share of the images, of which as many as a vector has
/// lanes lie side by side, and every sum is a dot of vectors. A part's sums follow those of the part before it.
/// </summary>
internal readonly unsafe struct WeightDotParts<T>(WeightProduct<T> product, WeightTiling tiling, T* partial, Kernels<T> kernels, Scratch scratch)
    : IParts where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => tiling.Shares;

    private nint ValuesOfImage => (nint)product.Patches.Windows * product.Result.Rows;

    public void Run(int index, int thread)
    {
        nint lanes = kernels.Lanes, size = product.Result.Rows * product.Result.Columns;
        nint tile = Kernels<T>.RowLimit * Kernels<T>.Vectors, values = ValuesOfImage * lanes, frame = product.FrameSize * lanes;
        long runs = Math.Max(1, product.Patches.OutHeight) * sizeof(StepRun);
        T* work = (T*)scratch.Own<byte>(thread, ((values + frame + tile) * sizeof(T)) + runs);
        T* frames = work + values;
        NativeMemory.Clear(frames, (nuint)(frame * sizeof(T)));
        new Span<T>(partial + (index * size), (int)size).Clear();
        var (group, endGroup) = Blocking.Share(Blocking.CeilingDivide(product.Images, lanes), tiling.Shares, index);
        for (; group < endGroup; group++)
        {
            nint image = group * lanes, count = Math.Min(lanes, product.Images - image);
            Add(product.First, image, count, work, partial + (index * size));
            if (product.Second is { } second)
            {
                Add(second, image, count, work, partial + (index * size));
            }
        }
    }

    /// <summary>What some images side by side add to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(in WeightTerm<T> term, nint image, nint count, T* values, T* sums)
    {
        nint lanes = kernels.Lanes, rows = product.Result.Rows;
        T* frame = values + (ValuesOfImage * lanes), tile = frame + (product.FrameSize * lanes);
        var runs = (StepRun*)(tile + (Kernels<T>.RowLimit * Kernels<T>.Vectors));
        Packing<T>.Panels((T*)term.Values + (image * ValuesOfImage), ValuesOfImage, 1, count, ValuesOfImage, lanes, values, 0);
        Frame((T*)term.Images + (image * term.ImageStride), term.ImageStride, count, frame);
        nint runCount = List(runs);
        for (nint k = 0; k < product.Result.Columns; k += Columns(k))
        {
            T* seen = frame + (((k / product.RowSize * product.FrameRow) + (k % product.RowSize)) * lanes);
            nint step = (nint)product.Patches.StrideX * product.Patches.Channels * lanes;
            for (nint row = 0; row < rows; row += tiling.TileRows)
            {
                int height = (int)Math.Min(tiling.TileRows, rows - row), columns = Columns(k);
                kernels.DotRuns(height, columns, runCount, runs, values + (row * lanes), lanes, rows * lanes, seen, lanes, step, tile);
                for (nint i = 0; i < height * columns; i++)
                {
                    var (r, c) = Math.DivRem(i, columns);
                    sums[((row + r) * product.Result.Columns) + k + c] += tile[(2 * r) + c];
                }
            }
        }
    }

    /// <summary>Columns of the result from one on that are neighbours in an image too, two at most.</summary>
    private int Columns(nint k) => (int)Math.Min(Kernels<T>.Vectors, product.RowSize - (k % product.RowSize));

    /// <summary>The images side by side, with their padding, which stays 0, around them.</summary>
    private void Frame(T* images, nint stride, nint count, T* frame)
    {
        var p = product.Patches;
        nint height = product.FrameSize / product.FrameRow, width = product.FrameRow / p.Channels;
        nint columns = Math.Min(p.Width, width - p.Left) * p.Channels, endRow = columns <= 0 ? 0 : Math.Min(p.Height, height - p.Top);
        for (nint y = 0; y < endRow; y++)
        {
            T* target = frame + ((((y + p.Top) * product.FrameRow) + ((nint)p.Left * p.Channels)) * kernels.Lanes);
            Packing<T>.Panels(images + (y * p.Width * p.Channels), stride, 1, count, columns, kernels.Lanes, target, 0);
        }
    }

    /// <summary>Lists the rows of windows, each a run, and returns how many there are: at least one, be it empty.</summary>
    private nint List(StepRun* runs)
    {
        var p = product.Patches;
        runs[0] = default;
        for (nint y = 0; y < p.OutHeight; y++)
        {
            runs[y] = new(y * p.OutWidth * product.Result.Rows * kernels.Lanes, y * p.StrideY * product.FrameRow * kernels.Lanes, p.OutWidth);
        }

        return Math.Max(1, p.OutHeight);
    }
}
