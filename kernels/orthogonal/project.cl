// c = V w, one dot a row, in two stages: a group adds a run of columns of several rows, so that an element of w is read once for
// all of them; add_partials adds the runs. Groups that share a run follow each other and find its w in the cache.

// Rows of a group.
#ifndef ROWS_AT_ONCE
#define ROWS_AT_ONCE 8
#endif
// Columns that a thread takes side by side, with a sum for each: few in registers, or many that a processor adds as vectors.
#ifndef ELEMENTS
#define ELEMENTS 2
#endif

// partial[run·rows + row] = the sum over the run's columns.
KERNEL(project)(GLOBAL const REAL* restrict basis, INDEX basis0, INDEX stride, INDEX rows, INDEX columns,
    GLOBAL const REAL* restrict w, INDEX w0, GLOBAL double* restrict partial)
{
    LOCAL_ARRAY(double, work, ROWS_AT_ONCE * GROUP_SIZE);
    INDEX first = GROUP(0) * ROWS_AT_ONCE, run = (columns + GROUPS(1) - 1) / GROUPS(1);
    INDEX start = GROUP(1) * run, end = start + run < columns ? start + run : columns;
    int thread = THREAD(0);

    // Past the last row, the last row is added again, and dropped.
    GLOBAL const REAL* row[ROWS_AT_ONCE];
    double sums[ROWS_AT_ONCE][ELEMENTS];
    UNROLL for (int r = 0; r < ROWS_AT_ONCE; r++) {
        row[r] = basis + basis0 + (first + r < rows ? first + r : rows - 1) * stride;
        for (int e = 0; e < ELEMENTS; e++)
            sums[r][e] = 0;
    }

    w += w0;
    INDEX i = start + thread;
    for (; i + (ELEMENTS - 1) * GROUP_SIZE < end; i += ELEMENTS * GROUP_SIZE)
        for (int e = 0; e < ELEMENTS; e++) {
            double value = w[i + e * GROUP_SIZE];
            UNROLL for (int r = 0; r < ROWS_AT_ONCE; r++)
                sums[r][e] = fma((double)row[r][i + e * GROUP_SIZE], value, sums[r][e]);
        }
    for (; i < end; i += GROUP_SIZE)
        UNROLL for (int r = 0; r < ROWS_AT_ONCE; r++)
            sums[r][0] = fma((double)row[r][i], (double)w[i], sums[r][0]);

    UNROLL for (int r = 0; r < ROWS_AT_ONCE; r++) {
        double sum = 0;
        for (int e = 0; e < ELEMENTS; e++)
            sum += sums[r][e];
        work[r * GROUP_SIZE + thread] = sum;
    }
    for (int width = GROUP_SIZE / 2; width > 0; width /= 2) {
        BARRIER();
        if (thread < width)
            UNROLL for (int r = 0; r < ROWS_AT_ONCE; r++)
                work[r * GROUP_SIZE + thread] += work[r * GROUP_SIZE + thread + width];
    }
    BARRIER();
    for (int r = thread; r < ROWS_AT_ONCE && first + r < rows; r += GROUP_SIZE)
        partial[GROUP(1) * rows + first + r] = work[r * GROUP_SIZE];
}
