// Kernels with one error each, which oclgrind must find, and one without. Groups of n threads; x and y have n elements.

KERNEL(right)(GLOBAL const REAL* restrict x, GLOBAL REAL* restrict y, INDEX n)
{
    LOCAL_ARRAY(REAL, work, GROUP_SIZE);
    int i = THREAD(0);
    work[i] = x[i];
    BARRIER();
    y[i] = work[n - 1 - i];
}

// Writes one element too many.
KERNEL(overrun)(GLOBAL const REAL* restrict x, GLOBAL REAL* restrict y, INDEX n)
{
    int i = THREAD(0);
    y[i + 1] = x[i];
}

// Reads one element too many.
KERNEL(overread)(GLOBAL const REAL* restrict x, GLOBAL REAL* restrict y, INDEX n)
{
    int i = THREAD(0);
    y[i] = x[i + 1];
}

// Lacks the barrier between what a thread writes and what another reads.
KERNEL(race)(GLOBAL const REAL* restrict x, GLOBAL REAL* restrict y, INDEX n)
{
    LOCAL_ARRAY(REAL, work, GROUP_SIZE);
    int i = THREAD(0);
    work[i] = 0;
    BARRIER();
    work[i] = x[i];
    y[i] = work[n - 1 - i];
}

// Reads local memory that no thread has written.
KERNEL(uninitialised)(GLOBAL const REAL* restrict x, GLOBAL REAL* restrict y, INDEX n)
{
    LOCAL_ARRAY(REAL, work, GROUP_SIZE);
    int i = THREAD(0);
    if (i > 0)
        work[i] = x[i];
    BARRIER();
    y[i] = work[n - 1 - i];
}
