// Sums in two stages, in an order that depends on the length alone: every group adds a run of terms, then one adds the groups'
// sums. All in double.

// Terms that a thread adds side by side: their latency overlaps, and a processor adds them as vectors.
#ifndef LANES
#define LANES 4
#endif

KERNEL(dot)(GLOBAL const REAL* restrict x, INDEX x0, GLOBAL const REAL* restrict y, INDEX y0, INDEX n,
    GLOBAL double* restrict partial)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    double sums[LANES];
    for (int l = 0; l < LANES; l++)
        sums[l] = 0;
    INDEX i = first_of_group(n) + THREAD(0), end = end_of_group(n);
    x += x0;
    y += y0;
    for (; i + (LANES - 1) * GROUP_SIZE < end; i += LANES * GROUP_SIZE)
        for (int l = 0; l < LANES; l++)
            sums[l] = fma((double)x[i + l * GROUP_SIZE], (double)y[i + l * GROUP_SIZE], sums[l]);
    for (; i < end; i += GROUP_SIZE)
        sums[0] = fma((double)x[i], (double)y[i], sums[0]);
    double sum = 0;
    for (int l = 0; l < LANES; l++)
        sum += sums[l];
    sum = sum_of_group(sum, work);
    if (THREAD(0) == 0)
        partial[GROUP(0)] = sum;
}

// The sum over g of partial[g·rows + row]; the threads of a row take the groups in turns.
FUNCTION double sum_of_partials(GLOBAL const double* partial, INDEX count, INDEX rows, INDEX row, bool is_row, LOCAL double* work)
{
    double sum = 0;
    for (INDEX g = is_row ? first_of_row() : count; g < count; g += ROW_THREADS)
        sum += partial[g * rows + row];
    return sum_of_row(sum, work);
}

// result[row] = beta·result[row] + Σ_g partial[g·rows + row].
KERNEL(add_partials)(GLOBAL const double* restrict partial, INDEX count, INDEX rows, double beta,
    GLOBAL double* restrict result, INDEX result0)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(row, rows) {
        double sum = sum_of_partials(partial, count, rows, row, IS_ROW(row), work);
        if (IS_FIRST_OF_ROW(row))
            result[result0 + row] = beta == 0 ? sum : sum + beta * result[result0 + row];
    }
}

// The same into REAL.
KERNEL(round_partials)(GLOBAL const double* restrict partial, INDEX count, INDEX rows, double beta,
    GLOBAL REAL* restrict result, INDEX result0)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(row, rows) {
        double sum = sum_of_partials(partial, count, rows, row, IS_ROW(row), work);
        if (IS_FIRST_OF_ROW(row))
            result[result0 + row] = (REAL)(beta == 0 ? sum : sum + beta * result[result0 + row]);
    }
}
