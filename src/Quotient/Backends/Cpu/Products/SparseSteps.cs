namespace Quotient.Backends.Cpu.Products;

/// <summary>A panel of rows of the left factor, and which steps of k it holds.</summary>
internal unsafe struct LeftPanel<T> where T : unmanaged
{
    /// <summary>Row i at its step s is Values[i·Row + s·Step], with the strides that all panels share.</summary>
    public T* Values;

    /// <summary>The steps that the panel holds.</summary>
    public nint Depth;

    /// <summary>The place in k of each step; null where the panel holds all of them.</summary>
    public int* Steps;
}

/// <summary>
/// Leaves out the steps of k at which a whole panel is zero. Images are mostly background: of the 12 samples of a panel, or the
/// 12 neighbouring pixels, all are black at half of the steps on MNIST, and the product takes half the time.
/// </summary>
internal static unsafe class SparseSteps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Sampled = 32;

    /// <summary>The share of empty steps, in a sample, from which leaving them out pays: a quarter.</summary>
    private const int Worthwhile = 4;

    private const double OperationsWorthSampling = 5e7;

    /// <summary>
    /// The panel without its empty steps, copied to <paramref name="target"/> (which may be where it lies), with the places of
    /// the others in <paramref name="steps"/>; or the panel as it is, where few are empty.
    /// </summary>
    public static LeftPanel<T> Squeeze(T* panel, nint width, nint depth, T* target, int* steps)
    {
        if (depth < Sampled || !IsWorthwhile(panel, 1, width, width, depth))
        {
            return new() { Values = panel, Depth = depth };
        }

        nint words = width * sizeof(T) / sizeof(ulong), count = 0;
        ulong* from = (ulong*)panel, to = (ulong*)target;
        for (nint k = 0; k < depth; k++, from += words)
        {
            ulong any = 0;
            for (nint i = 0; i < words; i++)
            {
                ulong word = from[i];
                to[i] = word;
                any |= word;
            }

            // Without a branch: which steps are empty cannot be predicted.
            steps[count] = (int)k;
            nint kept = any == 0 ? 0 : 1;
            count += kept;
            to += kept * words;
        }

        return new() { Values = target, Depth = count, Steps = steps };
    }

    /// <summary>
    /// Whether the right factor has many empty steps and the left has not, so that the product is better read as its transpose.
    /// </summary>
    public static bool AreOnTheRight(in StridedProduct<T> p, nint rows) =>
        p.Operations >= OperationsWorthSampling && p.BColumn == 1 && p.Depth >= Sampled && p.Columns >= rows
        && p.Bias == null && p.Mask == null && !p.Relu
        && IsWorthwhile(p.B, p.BColumn, p.BRow, rows, p.Depth, p.Columns / rows)
        && !IsWorthwhile(p.A, p.ARow, p.AColumn, Math.Min(rows, p.Rows), p.Depth, Math.Max(1, p.Rows / rows));

    private static bool IsWorthwhile(
        T* source, nint along, nint deep, nint width, nint depth, nint panels = 1)
    {
        int empty = 0;
        for (nint sample = 0; sample < Sampled; sample++)
        {
            // The panels in an order that has nothing to do with that of the steps.
            T* x = source + (sample * depth / Sampled * deep) + (sample * 7 % Sampled * panels / Sampled * width * along);
            empty += IsEmpty(x, along, width) ? 1 : 0;
        }

        return empty * Worthwhile >= Sampled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEmpty(T* x, nint along, nint width)
    {
        for (nint i = 0; i < width; i++)
        {
            if (!T.IsZero(x[i * along]))
            {
                return false;
            }
        }

        return true;
    }
}
