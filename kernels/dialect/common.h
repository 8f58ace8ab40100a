// What every kernel may count on, in both dialects. REAL is float or double.

// Elements 0 … n − 1, each group a run of them, its threads in turns: adjacent threads read adjacent elements, and a group of
// one thread, as suits a processor, reads its run in order.
#define FOR_EACH(i, n) \
    for (INDEX i = first_of_group(n) + THREAD(0), i##_end = end_of_group(n); i < i##_end; i += THREADS(0))

FUNCTION INDEX length_of_group(INDEX n) { return (n + GROUPS(0) - 1) / GROUPS(0); }
FUNCTION INDEX first_of_group(INDEX n) { return GROUP(0) * length_of_group(n); }
FUNCTION INDEX end_of_group(INDEX n)
{
    INDEX end = first_of_group(n) + length_of_group(n);
    return end < n ? end : n;
}

FUNCTION REAL multiply_add(REAL a, REAL b, REAL c) { return fma(a, b, c); }

// The sum over a group's threads, in an order that depends on their number alone; the first thread has it. All threads call it.
FUNCTION double sum_of_group(double value, LOCAL double* work)
{
    int thread = THREAD(0), count = THREADS(0);
    if (count == 1)
        return value;
    BARRIER();
    work[thread] = value;
    for (int width = count / 2; width > 0; width /= 2) {
        BARRIER();
        if (thread < width)
            work[thread] += work[thread + width];
    }
    BARRIER();
    return work[0];
}
