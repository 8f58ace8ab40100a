// w = w − Vᵀ c: a thread keeps some elements of w in double while it goes over all rows of V.

// Elements of w that a thread keeps: few in registers, or many that a processor goes over as vectors.
#ifndef ELEMENTS
#define ELEMENTS 4
#endif
// Rows that are added in one pass over these elements.
#ifndef ROWS_AT_ONCE
#define ROWS_AT_ONCE 4
#endif

// kept = kept − c_row·row for `height` rows; `count` elements, which lie GROUP_SIZE apart.
FUNCTION void deflate_by_rows(
    GLOBAL const REAL* basis, INDEX stride, GLOBAL const double* c, double* kept, int count, int height)
{
    for (int e = 0; e < count; e++)
        UNROLL for (int r = 0; r < height; r++)
            kept[e] = fma(-c[r], (double)basis[r * stride + e * GROUP_SIZE], kept[e]);
}

FUNCTION void deflate_elements(GLOBAL const REAL* basis, INDEX stride, INDEX rows, GLOBAL const double* c,
    GLOBAL REAL* w, int count)
{
    double kept[ELEMENTS];
    for (int e = 0; e < count; e++)
        kept[e] = w[e * GROUP_SIZE];
    INDEX row = 0;
    for (; row + ROWS_AT_ONCE <= rows; row += ROWS_AT_ONCE)
        deflate_by_rows(basis + row * stride, stride, c + row, kept, count, ROWS_AT_ONCE);
    for (; row < rows; row++)
        deflate_by_rows(basis + row * stride, stride, c + row, kept, count, 1);
    for (int e = 0; e < count; e++)
        w[e * GROUP_SIZE] = (REAL)kept[e];
}

// A group's threads lie side by side: each takes every GROUP_SIZE'th element.
KERNEL(deflate)(GLOBAL const REAL* restrict basis, INDEX basis0, INDEX stride, INDEX rows, INDEX columns,
    GLOBAL const double* restrict c, INDEX c0, GLOBAL REAL* restrict w, INDEX w0)
{
    INDEX i = GROUP(0) * ELEMENTS * GROUP_SIZE + THREAD(0), end = i + ELEMENTS * GROUP_SIZE;
    basis += basis0;
    w += w0;
    c += c0;
    if (i + (ELEMENTS - 1) * GROUP_SIZE < columns)
        deflate_elements(basis + i, stride, rows, c, w + i, ELEMENTS);
    else
        for (; i < columns && i < end; i += GROUP_SIZE)
            deflate_elements(basis + i, stride, rows, c, w + i, 1);
}
