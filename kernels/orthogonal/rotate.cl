// Rows of Sᵀ V, added in double. A thread has a tile of some rows by some columns of the result; the groups of the tiles above
// each other follow each other, and find their columns of V in the cache.

// Rows of a tile.
#ifndef ROWS_AT_ONCE
#define ROWS_AT_ONCE 8
#endif
// Columns of a tile: few in registers, or many that a processor goes over as vectors.
#ifndef ELEMENTS
#define ELEMENTS 4
#endif
// Rows of V that are added in one pass over the tile.
#ifndef DEPTH
#define DEPTH 1
#endif

// sums_q = sums_q + Σ_row s_(row, q) v_row for `depth` rows; `count` columns, which lie GROUP_SIZE apart. Past the last row of
// the result, that row is computed again, and dropped.
FUNCTION void rotate_by_rows(GLOBAL const REAL* v, INDEX v_stride, GLOBAL const double* s, INDEX s_stride, int last,
    double (*sums)[ELEMENTS], int count, int depth)
{
    double factors[DEPTH][ROWS_AT_ONCE];
    UNROLL for (int k = 0; k < depth; k++)
        UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
            factors[k][q] = s[k * s_stride + (q < last ? q : last)];
    for (int e = 0; e < count; e++)
        UNROLL for (int k = 0; k < depth; k++) {
            double value = v[k * v_stride + e * GROUP_SIZE];
            UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
                sums[q][e] = fma(factors[k][q], value, sums[q][e]);
        }
}

FUNCTION void rotate_columns(GLOBAL const REAL* v, INDEX v_stride, INDEX rows, GLOBAL const double* s, INDEX s_stride,
    int last, GLOBAL REAL* y, INDEX y_stride, int count)
{
    double sums[ROWS_AT_ONCE][ELEMENTS];
    UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
        for (int e = 0; e < count; e++)
            sums[q][e] = 0;
    INDEX row = 0;
    for (; row + DEPTH <= rows; row += DEPTH)
        rotate_by_rows(v + row * v_stride, v_stride, s + row * s_stride, s_stride, last, sums, count, DEPTH);
    for (; row < rows; row++)
        rotate_by_rows(v + row * v_stride, v_stride, s + row * s_stride, s_stride, last, sums, count, 1);
    UNROLL for (int q = 0; q < ROWS_AT_ONCE; q++)
        if (q <= last)
            for (int e = 0; e < count; e++)
                y[q * y_stride + e * GROUP_SIZE] = (REAL)sums[q][e];
}

// y_q = Σ_row s_(row, q) v_row. Where one tile is as high as the result, y may be v: a thread reads its columns before it writes
// them.
KERNEL(rotate)(GLOBAL const REAL* v, INDEX v0, INDEX v_stride, INDEX rows, INDEX columns,
    GLOBAL const double* restrict s, INDEX s0, INDEX s_stride, INDEX results, GLOBAL REAL* y, INDEX y0, INDEX y_stride)
{
    INDEX i = GROUP(1) * ELEMENTS * GROUP_SIZE + THREAD(0), end = i + ELEMENTS * GROUP_SIZE;
    INDEX first = GROUP(0) * ROWS_AT_ONCE;
    int last = results - first < ROWS_AT_ONCE ? (int)(results - first) - 1 : ROWS_AT_ONCE - 1;
    v += v0;
    s += s0 + first;
    y += y0 + first * y_stride;
    if (i + (ELEMENTS - 1) * GROUP_SIZE < columns)
        rotate_columns(v + i, v_stride, rows, s, s_stride, last, y + i, y_stride, ELEMENTS);
    else
        for (; i < columns && i < end; i += GROUP_SIZE)
            rotate_columns(v + i, v_stride, rows, s, s_stride, last, y + i, y_stride, 1);
}

// y_row = x_row, a row for each GROUP(1).
KERNEL(put_rows)(GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride,
    INDEX n)
{
    x += x0 + GROUP(1) * x_stride;
    y += y0 + GROUP(1) * y_stride;
    FOR_EACH(i, n)
        y[i] = x[i];
}
