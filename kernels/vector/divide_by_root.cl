// y = x / √s[0], and 0 where s[0] is. x and y may be the same.
KERNEL(divide_by_root)(
    GLOBAL const REAL* x, INDEX x0, GLOBAL const double* restrict s, INDEX s0, GLOBAL REAL* y, INDEX y0, INDEX n)
{
    double square = s[s0], factor = square == 0 ? 0 : 1 / sqrt(square);
    FOR_EACH(i, n)
        y[y0 + i] = (REAL)(factor * x[x0 + i]);
}
