namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// The innermost product: a tile of at most 12 rows × 2 vectors, held in registers while k runs. Written once, for every
/// vector width, precision, number of rows and columns; the constants of the type arguments cut it to size when it is compiled.
/// </summary>
/// <remarks>
/// Row i of the left factor is at a + i·aRow and moves by aStep with k; so a packed panel (1, 12), a matrix in place
/// (stride, 1) and its transpose in place (1, stride) are one case.
/// <para>Broadcasting (TWay is <see cref="Broadcasting"/>): tile_ij = Σ_k a_ik·b_kj, where b_k· are adjacent columns.</para>
/// <para>Listing: the same, but a holds only some steps of k, whose places in b are listed.</para>
/// <para>Running: the same, but k goes in runs of steps, which are listed: where each begins in a and in b, and how many steps it has.</para>
/// <para>Dotting: tile_ij = ⟨a_i, b_j⟩, where k runs along both in memory, a vector at a time, and b_j = b + j·bColumn.</para>
/// </remarks>
internal static unsafe class MicroKernel<TSimd, TVector, T>
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Multiplies over <paramref name="depth"/> steps of k (running: so many runs, at least one) and writes the tile, its rows 2·Lanes
    /// (dotting: 2) apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TRows, TColumns, TWay>(
        nint depth, T* a, nint aRow, nint aStep, T* b, nint bColumn, nint bStep, int* places, T* tile)
        where TRows : ICount
        where TColumns : ICount
        where TWay : IWay
    {
        // Four row pointers and two strides reach twelve rows without running out of registers.
        // They count bytes, which saves scaling them at every use.
        T* a3 = a + (3 * aRow), a6 = a + (6 * aRow), a9 = a + (9 * aRow);
        nint row = aRow * sizeof(T), row2 = 2 * row, step = aStep * sizeof(T);
        bStep *= sizeof(T);
        bColumn = TWay.Dots ? bColumn * sizeof(T) : TSimd.Lanes * sizeof(T);
        TVector y0, y1 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        TVector c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
        TVector d0 = default, d1 = default, d2 = default, d3 = default, d4 = default, d5 = default;
        TVector d6 = default, d7 = default, d8 = default, d9 = default, d10 = default, d11 = default;
        T* left = a, origin = b;
        nint runs = TWay.Runs ? depth : 1;
        do
        {
            if (TWay.Runs)
            {
                var run = (StepRun*)places;
                a = left + run->Left;
                a3 = a + (3 * aRow);
                a6 = a + (6 * aRow);
                a9 = a + (9 * aRow);
                b = origin + run->Right;
                depth = run->Count;
                places = (int*)(run + 1);
            }

            for (; depth > 0; depth--)
            {
                b = TWay.Lists ? At(origin, *places++ * bStep) : b;
                y0 = TSimd.Load(b);
                y1 = TColumns.Value > 1 ? TSimd.Load(At(b, bColumn)) : y1;
                Add<TRows, TColumns, TWay>(0, a, y0, y1, ref c0, ref d0);
                Add<TRows, TColumns, TWay>(1, At(a, row), y0, y1, ref c1, ref d1);
                Add<TRows, TColumns, TWay>(2, At(a, row2), y0, y1, ref c2, ref d2);
                Add<TRows, TColumns, TWay>(3, a3, y0, y1, ref c3, ref d3);
                Add<TRows, TColumns, TWay>(4, At(a3, row), y0, y1, ref c4, ref d4);
                Add<TRows, TColumns, TWay>(5, At(a3, row2), y0, y1, ref c5, ref d5);
                Add<TRows, TColumns, TWay>(6, a6, y0, y1, ref c6, ref d6);
                Add<TRows, TColumns, TWay>(7, At(a6, row), y0, y1, ref c7, ref d7);
                Add<TRows, TColumns, TWay>(8, At(a6, row2), y0, y1, ref c8, ref d8);
                Add<TRows, TColumns, TWay>(9, a9, y0, y1, ref c9, ref d9);
                Add<TRows, TColumns, TWay>(10, At(a9, row), y0, y1, ref c10, ref d10);
                Add<TRows, TColumns, TWay>(11, At(a9, row2), y0, y1, ref c11, ref d11);
                a = At(a, step);
                a3 = At(a3, step);
                a6 = At(a6, step);
                a9 = At(a9, step);
                b = TWay.Lists ? b : At(b, bStep);
            }
        }
        while (TWay.Runs && --runs > 0);

        Put<TRows, TColumns, TWay>(0, c0, d0, tile);
        Put<TRows, TColumns, TWay>(1, c1, d1, tile);
        Put<TRows, TColumns, TWay>(2, c2, d2, tile);
        Put<TRows, TColumns, TWay>(3, c3, d3, tile);
        Put<TRows, TColumns, TWay>(4, c4, d4, tile);
        Put<TRows, TColumns, TWay>(5, c5, d5, tile);
        Put<TRows, TColumns, TWay>(6, c6, d6, tile);
        Put<TRows, TColumns, TWay>(7, c7, d7, tile);
        Put<TRows, TColumns, TWay>(8, c8, d8, tile);
        Put<TRows, TColumns, TWay>(9, c9, d9, tile);
        Put<TRows, TColumns, TWay>(10, c10, d10, tile);
        Put<TRows, TColumns, TWay>(11, c11, d11, tile);
    }

    /// <summary>What one step of k adds to a row, where the tile has that row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRows, TColumns, TWay>(int row, T* a, TVector y0, TVector y1, ref TVector c, ref TVector d)
        where TRows : ICount
        where TColumns : ICount
        where TWay : IWay
    {
        if (row < TRows.Value)
        {
            var x = TWay.Dots ? TSimd.Load(a) : TSimd.Broadcast(*a);
            c = TSimd.MultiplyAdd(x, y0, c);
            d = TColumns.Value > 1 ? TSimd.MultiplyAdd(x, y1, d) : d;
        }
    }

    private static T* At(T* origin, nint bytes) => (T*)((byte*)origin + bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TRows, TColumns, TWay>(int row, TVector first, TVector second, T* tile)
        where TRows : ICount
        where TColumns : ICount
        where TWay : IWay
    {
        if (row >= TRows.Value)
        {
            return;
        }

        if (TWay.Dots)
        {
            tile[2 * row] = TSimd.Sum(first);
            tile[(2 * row) + 1] = TColumns.Value > 1 ? TSimd.Sum(second) : default;
            return;
        }

        TSimd.Store(first, tile + (2 * row * TSimd.Lanes));
        if (TColumns.Value > 1)
        {
            TSimd.Store(second, tile + (((2 * row) + 1) * TSimd.Lanes));
        }
    }
}
