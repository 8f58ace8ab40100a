// w = w − Vᵀ c: a thread keeps some elements of w in double while it goes over all rows of V.

// Elements of w that a thread keeps.
#ifndef ELEMENTS
#define ELEMENTS 4
#endif
// Rows of which the elements are read side by side.
#ifndef ROWS_AT_ONCE
#define ROWS_AT_ONCE 4
#endif

// `count` elements, which lie `step` apart from the first ones of V and w.
FUNCTION void deflate_elements(GLOBAL const REAL* restrict basis, INDEX stride, INDEX rows, GLOBAL const double* restrict c,
    GLOBAL REAL* restrict w, INDEX step, int count)
{
    double kept[ELEMENTS];
    UNROLL for (int e = 0; e < count; e++)
        kept[e] = w[e * step];
    INDEX row = 0;
    for (; row + ROWS_AT_ONCE <= rows; row += ROWS_AT_ONCE)
        UNROLL for (int r = 0; r < ROWS_AT_ONCE; r++)
            UNROLL for (int e = 0; e < count; e++)
                kept[e] = fma(-c[row + r], (double)basis[(row + r) * stride + e * step], kept[e]);
    for (; row < rows; row++)
        UNROLL for (int e = 0; e < count; e++)
            kept[e] = fma(-c[row], (double)basis[row * stride + e * step], kept[e]);
    UNROLL for (int e = 0; e < count; e++)
        w[e * step] = (REAL)kept[e];
}

KERNEL(deflate)(GLOBAL const REAL* restrict basis, INDEX basis0, INDEX stride, INDEX rows, INDEX columns,
    GLOBAL const double* restrict c, INDEX c0, GLOBAL REAL* restrict w, INDEX w0)
{
    INDEX threads = THREADS(0), i = GROUP(0) * ELEMENTS * threads + THREAD(0), end = i + ELEMENTS * threads;
    basis += basis0;
    w += w0;
    c += c0;
    if (i + (ELEMENTS - 1) * threads < columns)
        deflate_elements(basis + i, stride, rows, c, w + i, threads, ELEMENTS);
    else
        for (; i < columns && i < end; i += threads)
            deflate_elements(basis + i, stride, rows, c, w + i, threads, 1);
}
