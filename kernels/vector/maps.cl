// Element by element. A view is its memory and its first element; n is the number of elements.

KERNEL(fill)(GLOBAL REAL* restrict x, INDEX x0, double value, INDEX n)
{
    FOR_EACH(i, n)
        x[x0 + i] = (REAL)value;
}

KERNEL(copy)(GLOBAL const REAL* restrict x, INDEX x0, GLOBAL REAL* restrict y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = x[x0 + i];
}

KERNEL(scale)(double alpha, GLOBAL REAL* restrict x, INDEX x0, INDEX n)
{
    FOR_EACH(i, n)
        x[x0 + i] *= (REAL)alpha;
}

KERNEL(axpy)(double alpha, GLOBAL const REAL* restrict x, INDEX x0, GLOBAL REAL* restrict y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = multiply_add((REAL)alpha, x[x0 + i], y[y0 + i]);
}

KERNEL(add_squares)(GLOBAL const REAL* restrict x, INDEX x0, GLOBAL REAL* restrict y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = multiply_add(x[x0 + i], x[x0 + i], y[y0 + i]);
}

// x and y may be the same.
KERNEL(divide_by_root)(
    GLOBAL const REAL* x, INDEX x0, GLOBAL const double* restrict s, INDEX s0, GLOBAL REAL* y, INDEX y0, INDEX n)
{
    double square = s[s0], factor = square == 0 ? 0 : 1 / sqrt(square);
    FOR_EACH(i, n)
        y[y0 + i] = (REAL)(factor * x[x0 + i]);
}
