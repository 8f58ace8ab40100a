// The ReLU and its derivative. The output may be the input.

KERNEL(relu)(GLOBAL const REAL* x, INDEX x0, GLOBAL REAL* y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = x[x0 + i] < 0 ? 0 : x[x0 + i];
}

// y_k = x_k where a_(k mod period) > 0, else 0.
KERNEL(mask)(GLOBAL const REAL* a, INDEX a0, INDEX period, GLOBAL const REAL* x, INDEX x0, GLOBAL REAL* y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = a[a0 + i % period] > 0 ? x[x0 + i] : 0;
}
