using System.Runtime.Intrinsics;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// Takes a finished tile to its place in C: scales, adds to what is there, and after the last block of k the epilogue.
/// </summary>
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
    public static void Finish(T* tile, int rows, int columns, StridedProduct<T>* product, nint i, nint j, bool first, bool last)
    {
        T beta = first ? product->Beta : T.One;
        bool epilogue = last && (product->Bias != null || product->Mask != null || product->Relu);
        if (product->CRow == 1 && product->CColumn != 1 && !epilogue && product->Alpha == T.One)
        {
            Turned(tile, rows, columns, product->C + i + (j * product->CColumn), product->CColumn, beta);
        }
        else if (columns < Width || !product->RowsAreContiguous)
        {
            Edge(tile, rows, columns, product, i, j, first, last);
        }
        else if (epilogue || product->Alpha != T.One || !(beta == T.One || T.IsZero(beta)))
        {
            Whole(tile, rows, product, i, j, beta, last);
        }
        else if (T.IsZero(beta))
        {
            Copy(tile, rows, product->C + (i * product->CRow) + j, product->CRow);
        }
        else
        {
            Add(tile, rows, product->C + (i * product->CRow) + j, product->CRow);
        }
    }

    /// <summary>The same for <paramref name="count"/> neighbours in one row of C, with all that is applied to them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(T* sums, nint count, T* c, T alpha, T beta, T* bias, bool relu, T* mask)
    {
        for (; count >= TSimd.Lanes; count -= TSimd.Lanes, sums += TSimd.Lanes, c += TSimd.Lanes)
        {
            Vector(sums, c, alpha, beta, bias, relu, mask);
            bias = bias == null ? null : bias + TSimd.Lanes;
            mask = mask == null ? null : mask + TSimd.Lanes;
        }

        if (count > 0)
        {
            Rest(sums, (int)count, c, alpha, beta, bias, relu, mask);
        }
    }

    private static int Width => 2 * TSimd.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(T* tile, int rows, T* c, nint stride)
    {
        for (; rows > 0; rows--, tile += Width, c += stride)
        {
            TSimd.Store(TSimd.Load(tile), c);
            TSimd.Store(TSimd.Load(tile + TSimd.Lanes), c + TSimd.Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* tile, int rows, T* c, nint stride)
    {
        for (; rows > 0; rows--, tile += Width, c += stride)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(tile), TSimd.Load(c)), c);
            TSimd.Store(TSimd.Add(TSimd.Load(tile + TSimd.Lanes), TSimd.Load(c + TSimd.Lanes)), c + TSimd.Lanes);
        }
    }

    /// <summary>The tile's columns become C's rows: C is transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turned(T* tile, int rows, int columns, T* c, nint stride, T beta)
    {
        const int Height = Kernels<T>.RowLimit;
        int lanes = Vector128<T>.Count;
        T* turned = stackalloc T[Height * Width];
        for (int i = 0; i < rows; i += lanes)
        {
            for (int j = 0; j < columns; j += lanes)
            {
                Transposition.Square(tile + (i * Width) + j, Width, turned + (j * Height) + i, Height);
            }
        }

        for (int j = 0; j < columns; j++, turned += Height, c += stride)
        {
            int i = 0;
            for (; i <= rows - lanes; i += lanes)
            {
                var sums = Vector128.Load(turned + i);
                sums = T.IsZero(beta) ? sums : sums + (Vector128.Load(c + i) * beta);
                sums.Store(c + i);
            }

            for (; i < rows; i++)
            {
                c[i] = T.IsZero(beta) ? turned[i] : turned[i] + (beta * c[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole(T* tile, int rows, StridedProduct<T>* p, nint i, nint j, T beta, bool last)
    {
        T alpha = p->Alpha;
        T* c = p->C + (i * p->CRow) + j;
        T* bias = last && p->Bias != null ? p->Bias + j : null;
        T* mask = last && p->Mask != null ? p->Mask + (i * p->MaskRow) + j : null;
        T* nextBias = bias == null ? null : bias + TSimd.Lanes;
        nint stride = p->CRow, maskStride = mask == null ? 0 : p->MaskRow;
        bool relu = last && p->Relu;
        for (; rows > 0; rows--, tile += Width, c += stride, mask += maskStride)
        {
            Vector(tile, c, alpha, beta, bias, relu, mask);
            Vector(tile + TSimd.Lanes, c + TSimd.Lanes, alpha, beta, nextBias, relu, mask == null ? null : mask + TSimd.Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge(T* tile, int rows, int columns, StridedProduct<T>* p, nint i, nint j, bool first, bool last)
    {
        T beta = first ? p->Beta : T.One;
        for (int row = 0; row < rows; row++, i++, tile += Width)
        {
            int done = 0;
            for (; p->RowsAreContiguous && done < columns; done += TSimd.Lanes)
            {
                T* c = p->C + (i * p->CRow) + j + done;
                T* bias = last && p->Bias != null ? p->Bias + j + done : null;
                T* mask = last && p->Mask != null ? p->Mask + (i * p->MaskRow) + j + done : null;
                if (columns - done >= TSimd.Lanes)
                {
                    Vector(tile + done, c, p->Alpha, beta, bias, last && p->Relu, mask);
                }
                else
                {
                    Rest(tile + done, columns - done, c, p->Alpha, beta, bias, last && p->Relu, mask);
                }
            }

            for (; done < columns; done++)
            {
                p->Store(i, j + done, tile[done], first, last);
            }
        }
    }

    /// <summary>What <see cref="Vector"/> does, to fewer elements than a vector has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rest(T* sums, int count, T* c, T alpha, T beta, T* bias, bool relu, T* mask)
    {
        var value = TSimd.Multiply(TSimd.Broadcast(alpha), TSimd.Load(sums));
        value = T.IsZero(beta) ? value : TSimd.MultiplyAdd(TSimd.Broadcast(beta), TSimd.LoadFirst(c, count), value);
        value = bias == null ? value : TSimd.Add(value, TSimd.LoadFirst(bias, count));
        value = relu ? TSimd.Rectify(value) : value;
        value = mask == null ? value : TSimd.WherePositive(TSimd.LoadFirst(mask, count), value);
        TSimd.StoreFirst(value, c, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vector(T* sums, T* c, T alpha, T beta, T* bias, bool relu, T* mask)
    {
        var value = TSimd.Multiply(TSimd.Broadcast(alpha), TSimd.Load(sums));
        value = T.IsZero(beta) ? value : TSimd.MultiplyAdd(TSimd.Broadcast(beta), TSimd.Load(c), value);
        value = bias == null ? value : TSimd.Add(value, TSimd.Load(bias));
        value = relu ? TSimd.Rectify(value) : value;
        value = mask == null ? value : TSimd.WherePositive(TSimd.Load(mask), value);
        TSimd.Store(value, c);
    }
}
