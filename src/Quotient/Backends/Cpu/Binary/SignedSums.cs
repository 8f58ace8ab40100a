using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// The innermost product of real numbers and signs. For four inputs x₀ … x₃ of a row, a table holds the sixteen sums
/// ±x₀ ± x₁ ± x₂ ± x₃; a column's four signs are the place of its sum. So one look-up and one addition do the work of four
/// multiplications and additions, in every lane.
/// </summary>
internal static unsafe class SignedSums<TSimd, TCodes, TVector, T>
    where TSimd : ISimd<TVector, T>
    where TCodes : ICodes<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Entries = 16;

    /// <summary>Four inputs of each of some rows to a table each.</summary>
    /// <param name="x">Input 0 of row 0.</param>
    /// <param name="row">From one row to the next.</param>
    /// <param name="step">From one input to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="signs">The signs of input 0 in the sixteen sums, then those of input 1, and so on.</param>
    /// <param name="tables">A table for each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tabulate(T* x, nint row, nint step, nint rows, T* signs, T* tables)
    {
        for (int place = 0; place < Entries; place += TSimd.Lanes, signs += TSimd.Lanes, tables += TSimd.Lanes)
        {
            TVector s0 = TSimd.Load(signs), s1 = TSimd.Load(signs + Entries);
            TVector s2 = TSimd.Load(signs + (2 * Entries)), s3 = TSimd.Load(signs + (3 * Entries));
            T* inputs = x;
            for (nint i = 0; i < rows; i++, inputs += row)
            {
                var low = TSimd.MultiplyAdd(TSimd.Broadcast(inputs[step]), s1, TSimd.Multiply(TSimd.Broadcast(*inputs), s0));
                var high = TSimd.Multiply(TSimd.Broadcast(inputs[2 * step]), s2);
                high = TSimd.MultiplyAdd(TSimd.Broadcast(inputs[3 * step]), s3, high);
                TSimd.Store(TSimd.Add(low, high), tables + (i * Entries));
            }
        }
    }

    /// <summary>
    /// tile_ij ← the sum, over all tables of row i, of the entries that column j chooses; the tile's rows are two vectors apart.
    /// </summary>
    /// <param name="count">Tables of a row.</param>
    /// <param name="tables">The first table of every row, then the second of every row, and so on.</param>
    /// <param name="codes">Two vectors of columns: the signs that a lane holds, then the next.</param>
    /// <param name="tile">The sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TRows>(nint count, T* tables, T* codes, T* tile) where TRows : ICount
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        TVector d0 = default, d1 = default, d2 = default, d3 = default, d4 = default, d5 = default, d6 = default, d7 = default;
        while (count > 0)
        {
            TVector c = TSimd.Load(codes), d = TSimd.Load(codes + TSimd.Lanes);
            codes += 2 * TSimd.Lanes;
            nint rest = count - Math.Min(count, 2 * sizeof(T));
            do
            {
                Add<TRows>(0, tables, c, d, ref c0, ref d0);
                Add<TRows>(1, tables, c, d, ref c1, ref d1);
                Add<TRows>(2, tables, c, d, ref c2, ref d2);
                Add<TRows>(3, tables, c, d, ref c3, ref d3);
                Add<TRows>(4, tables, c, d, ref c4, ref d4);
                Add<TRows>(5, tables, c, d, ref c5, ref d5);
                Add<TRows>(6, tables, c, d, ref c6, ref d6);
                Add<TRows>(7, tables, c, d, ref c7, ref d7);
                tables += TRows.Value * Entries;
                c = TCodes.Next(c);
                d = TCodes.Next(d);
                count--;
            }
            while (count > rest);
        }

        Put<TRows>(0, c0, d0, tile);
        Put<TRows>(1, c1, d1, tile);
        Put<TRows>(2, c2, d2, tile);
        Put<TRows>(3, c3, d3, tile);
        Put<TRows>(4, c4, d4, tile);
        Put<TRows>(5, c5, d5, tile);
        Put<TRows>(6, c6, d6, tile);
        Put<TRows>(7, c7, d7, tile);
    }

    /// <summary>What one table adds to a row, where the tile has that row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRows>(int row, T* tables, TVector first, TVector second, ref TVector c, ref TVector d) where TRows : ICount
    {
        if (row < TRows.Value)
        {
            c = TSimd.Add(c, TCodes.Lookup(tables + (row * Entries), first));
            d = TSimd.Add(d, TCodes.Lookup(tables + (row * Entries), second));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TRows>(int row, TVector first, TVector second, T* tile) where TRows : ICount
    {
        if (row < TRows.Value)
        {
            TSimd.Store(first, tile + (2 * row * TSimd.Lanes));
            TSimd.Store(second, tile + (((2 * row) + 1) * TSimd.Lanes));
        }
    }
}
