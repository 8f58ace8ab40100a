using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Products;

/// <summary>Takes a finished tile to its place in C: scales, adds to what is there, and after the last block of k the epilogue.</summary>
internal static unsafe class TileFinish<TSimd, TVector, T>
    where TSimd : ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>C_(i..i+rows, j..j+columns) ← epilogue(α·tile + β·C).</summary>
    /// <param name="tile">The sums; rows are two vectors apart.</param>
    /// <param name="rows">Rows of the tile that are in C.</param>
    /// <param name="columns">Columns of the tile that are in C.</param>
    /// <param name="product">The product.</param>
    /// <param name="i">Row of C where the tile begins.</param>
    /// <param name="j">Column of C where the tile begins.</param>
    /// <param name="first">Whether this is the first block of k, so that β applies; the later ones add.</param>
    /// <param name="last">Whether this is the last block of k, so that the epilogue applies.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish(T* tile, int rows, int columns, Product<T>* product, nint i, nint j, bool first, bool last)
    {
        var p = *product;
        for (int row = 0; row < rows; row++, i++, tile += 2 * TSimd.Lanes)
        {
            int done = p.RowsAreContiguous ? Vectors(tile, columns, p, i, j, first, last) : 0;
            for (; done < columns; done++)
            {
                p.Store(i, j + done, tile[done], first, last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Vectors(T* tile, int columns, in Product<T> p, nint i, nint j, bool first, bool last)
    {
        T* c = p.C + (i * p.CRow) + j;
        T beta = first ? p.Beta : T.One;
        T* bias = last && p.Bias != null ? p.Bias + j : null;
        T* mask = last && p.Mask != null ? p.Mask + (i * p.MaskRow) + j : null;
        int done = 0;
        for (; done <= columns - TSimd.Lanes; done += TSimd.Lanes)
        {
            var value = TSimd.Multiply(TSimd.Broadcast(p.Alpha), TSimd.Load(tile + done));
            value = T.IsZero(beta) ? value : TSimd.MultiplyAdd(TSimd.Broadcast(beta), TSimd.Load(c + done), value);
            value = bias == null ? value : TSimd.Add(value, TSimd.Load(bias + done));
            value = last && p.Relu ? TSimd.Rectify(value) : value;
            value = mask == null ? value : TSimd.WherePositive(TSimd.Load(mask + done), value);
            TSimd.Store(value, c + done);
        }

        return done;
    }
}
