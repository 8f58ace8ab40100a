// Element by element: signs, and what gives them a derivative. The output may be the input.

KERNEL(sign)(GLOBAL const REAL* x, INDEX x0, double threshold, GLOBAL REAL* y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = x[x0 + i] >= (REAL)threshold ? 1 : -1;
}

KERNEL(clamp)(GLOBAL const REAL* x, INDEX x0, double bound, GLOBAL REAL* y, INDEX y0, INDEX n)
{
    REAL most = (REAL)bound;
    FOR_EACH(i, n) {
        REAL value = x[x0 + i];
        y[y0 + i] = value > most ? most : value < -most ? -most : value;
    }
}

// y_k = x_k where |z_(k mod period) - centre| <= 1, else 0.
KERNEL(mask_near)(GLOBAL const REAL* z, INDEX z0, INDEX period, double centre, GLOBAL const REAL* x, INDEX x0,
    GLOBAL REAL* y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n) {
        REAL away = z[z0 + i % period] - (REAL)centre;
        y[y0 + i] = away >= -1 && away <= 1 ? x[x0 + i] : 0;
    }
}

KERNEL(scale_by_magnitude)(GLOBAL const REAL* w, INDEX w0, double eta, GLOBAL const REAL* x, INDEX x0,
    GLOBAL REAL* y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n) {
        REAL weight = w[w0 + i];
        y[y0 + i] = ((weight < 0 ? -weight : weight) + (REAL)eta) * x[x0 + i];
    }
}

// y_ij = 1 or -1, as bit j mod 64 of word j / 64 of row i says.
KERNEL(unpack_signs)(GLOBAL const WORD* restrict bits, INDEX bits0, INDEX bits_stride, GLOBAL REAL* restrict y, INDEX y0, INDEX stride,
    INDEX rows, INDEX columns)
{
    FOR_EACH_ROW(i, rows)
        FOR_EACH_COLUMN(j, columns, i)
            y[y0 + i * stride + j] = SIGN_OF(bits[bits0 + i * bits_stride + j / WORD_BITS], j % WORD_BITS);
}
