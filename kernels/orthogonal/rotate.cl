// Rows of Sᵀ V, added in double. A thread has a tile of some rows by some columns of the result; the groups of the tiles above
// each other follow each other, and find their columns of V in the cache.

// Rows of a tile.
#ifndef ROWS_AT_ONCE
#define ROWS_AT_ONCE 8
#endif
// Columns of a tile.
#ifndef ELEMENTS
#define ELEMENTS 4
#endif

// `count` columns of a tile, which lie `step` apart. Past the last row of the result, that row is computed again, and dropped.
FUNCTION void rotate_columns(GLOBAL const REAL* v, INDEX v_stride, INDEX rows, GLOBAL const double* restrict s, INDEX s_stride,
    int last, GLOBAL REAL* y, INDEX y_stride, INDEX step, int count)
{
    double sums[ROWS_AT_ONCE][ELEMENTS];
    UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
        UNROLL for (int e = 0; e < count; e++)
            sums[q][e] = 0;
    for (INDEX row = 0; row < rows; row++, v += v_stride, s += s_stride)
        UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
            UNROLL for (int e = 0; e < count; e++)
                sums[q][e] = fma(s[q < last ? q : last], (double)v[e * step], sums[q][e]);
    UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
        if (q <= last)
            UNROLL for (int e = 0; e < count; e++)
                y[q * y_stride + e * step] = (REAL)sums[q][e];
}

// y_q = Σ_row s_(row, q) v_row. Where one tile is as high as the result, y may be v: a thread reads its columns, then writes them.
KERNEL(rotate)(GLOBAL const REAL* v, INDEX v0, INDEX v_stride, INDEX rows, INDEX columns,
    GLOBAL const double* restrict s, INDEX s0, INDEX s_stride, INDEX results, GLOBAL REAL* y, INDEX y0, INDEX y_stride)
{
    INDEX threads = THREADS(0), i = GROUP(1) * ELEMENTS * threads + THREAD(0), end = i + ELEMENTS * threads;
    INDEX first = GROUP(0) * ROWS_AT_ONCE;
    int last = results - first < ROWS_AT_ONCE ? (int)(results - first) - 1 : ROWS_AT_ONCE - 1;
    v += v0;
    s += s0 + first;
    y += y0 + first * y_stride;
    if (i + (ELEMENTS - 1) * threads < columns)
        rotate_columns(v + i, v_stride, rows, s, s_stride, last, y + i, y_stride, threads, ELEMENTS);
    else
        for (; i < columns && i < end; i += threads)
            rotate_columns(v + i, v_stride, rows, s, s_stride, last, y + i, y_stride, threads, 1);
}

// y_row = x_row, a row for each GROUP(1).
KERNEL(put_rows)(GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride, INDEX n)
{
    x += x0 + GROUP(1) * x_stride;
    y += y0 + GROUP(1) * y_stride;
    FOR_EACH(i, n)
        y[i] = x[i];
}
