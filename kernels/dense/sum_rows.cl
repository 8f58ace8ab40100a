// Sums over the rows of a matrix, or of its product with another element by element, and over their squares, in double.

// Columns that a thread of sum_rows takes side by side: a processor's, as one vector.
#ifndef COLUMNS_OF_THREAD
#define COLUMNS_OF_THREAD (GROUP_SIZE == 1 ? 64 : 1)
#endif
// Threads side by side in a group of sum_rows, a power of two; the others share their columns, and take the rows in turns.
#ifndef THREADS_ACROSS
#define THREADS_ACROSS (GROUP_SIZE < 32 ? GROUP_SIZE : 32)
#endif

// Whether it is x_ij·y_ij that is added up, in place of x_ij.
#ifndef DOTS
#define DOTS 0
#endif
#if DOTS
#define ADD_TERM(sum, row, l) fma((double)x[(row) * stride + (l)], (double)y[(row) * y_stride + (l)], sum)
#else
#define ADD_TERM(sum, row, l) ((sum) + x[(row) * stride + (l)])
#endif

// partial[run·columns + column] = the sum over a run of rows, one for each GROUP(1); round_partials adds the runs. Where there is
// one run alone, result_column = beta·result_column + its sum at once.
KERNEL(sum_rows)(GLOBAL const REAL* restrict x, INDEX x0, INDEX stride, GLOBAL const REAL* restrict y, INDEX y0, INDEX y_stride,
    INDEX rows, INDEX columns,
    GLOBAL double* restrict partial, double beta, GLOBAL REAL* restrict result, INDEX result0)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    int across = THREAD(0) & (THREADS_ACROSS - 1), down = THREAD(0) / THREADS_ACROSS, step = THREADS(0) / THREADS_ACROSS;
    INDEX column = (GROUP(0) * THREADS_ACROSS + across) * COLUMNS_OF_THREAD;
    INDEX run = (rows + GROUPS(1) - 1) / GROUPS(1), row = GROUP(1) * run + down;
    INDEX end = GROUP(1) * run + run < rows ? GROUP(1) * run + run : rows;
    double sums[COLUMNS_OF_THREAD];
    for (int l = 0; l < COLUMNS_OF_THREAD; l++)
        sums[l] = 0;
    x += x0 + column;
    y += y0 + column;
    result += result0 + column;
    if (column + COLUMNS_OF_THREAD <= columns)
        for (; row < end; row += step)
            for (int l = 0; l < COLUMNS_OF_THREAD; l++)
                sums[l] = ADD_TERM(sums[l], row, l);
    else
        for (; row < end; row += step)
            for (int l = 0; column + l < columns; l++)
                sums[l] = ADD_TERM(sums[l], row, l);

    for (int l = 0; l < COLUMNS_OF_THREAD; l++) {
        double sum = sums[l];
        BARRIER();
        work[THREAD(0)] = sum;
        for (int reach = step / 2; reach > 0; reach /= 2) {
            BARRIER();
            if (down < reach)
                work[THREAD(0)] += work[THREAD(0) + reach * THREADS_ACROSS];
        }
        if (down == 0 && column + l < columns) {
            if (GROUPS(1) > 1)
                partial[GROUP(1) * columns + column + l] = work[THREAD(0)];
            else
                result[l] = (REAL)(beta == 0 ? work[THREAD(0)] : work[THREAD(0)] + beta * result[l]);
        }
    }
}

// y_i = Σ_j x_ij².
KERNEL(row_squares)(GLOBAL const REAL* restrict x, INDEX x0, INDEX stride, GLOBAL REAL* restrict y, INDEX y0,
    INDEX rows, INDEX columns)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(i, rows) {
        double sum = 0;
        FOR_EACH_COLUMN(j, columns, i) {
            double value = x[x0 + i * stride + j];
            sum = fma(value, value, sum);
        }
        sum = sum_of_row(sum, work);
        if (IS_FIRST_OF_ROW(i))
            y[y0 + i] = (REAL)sum;
    }
}
