// Sums in two stages, in an order that depends on the length alone: every group adds a run of terms, then one group adds the
// groups' sums. All in double.

// Terms that a thread adds side by side: their latency overlaps, and a processor adds them as one vector.
#ifndef LANES
#define LANES 4
#endif
#ifndef GROUP_SIZE
#define GROUP_SIZE 256
#endif

KERNEL(dot)(GLOBAL const REAL* restrict x, INDEX x0, GLOBAL const REAL* restrict y, INDEX y0, INDEX n,
    GLOBAL double* restrict partial)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    double sums[LANES];
    for (int l = 0; l < LANES; l++)
        sums[l] = 0;
    INDEX i = first_of_group(n) + (INDEX)THREAD(0) * LANES, end = end_of_group(n), step = (INDEX)THREADS(0) * LANES;
    x += x0;
    y += y0;
    for (; i + LANES <= end; i += step)
        for (int l = 0; l < LANES; l++)
            sums[l] = fma((double)x[i + l], (double)y[i + l], sums[l]);
    for (int l = 0; i + l < end && l < LANES; l++)
        sums[l] = fma((double)x[i + l], (double)y[i + l], sums[l]);
    double sum = 0;
    for (int l = 0; l < LANES; l++)
        sum += sums[l];
    sum = sum_of_group(sum, work);
    if (THREAD(0) == 0)
        partial[GROUP(0)] = sum;
}

// result[row] = beta·result[row] + Σ_g partial[g·rows + row]; one thread a row.
KERNEL(add_partials)(GLOBAL const double* restrict partial, INDEX count, INDEX rows, double beta,
    GLOBAL double* restrict result, INDEX result0)
{
    FOR_EACH(row, rows) {
        double sum = 0;
        for (INDEX g = 0; g < count; g++)
            sum += partial[g * rows + row];
        result[result0 + row] = beta == 0 ? sum : sum + beta * result[result0 + row];
    }
}
