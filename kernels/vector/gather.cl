// The choice of samples.

// y_i = x_(indices_i), whole rows.
KERNEL(gather_rows)(GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, GLOBAL const int* restrict indices, INDEX indices0,
    GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride, INDEX rows, INDEX columns)
{
    FOR_EACH_ROW(i, rows) {
        INDEX chosen = IS_ROW(i) ? indices[indices0 + i] : 0;
        FOR_EACH_COLUMN(j, columns, i)
            y[y0 + i * y_stride + j] = x[x0 + chosen * x_stride + j];
    }
}

// y_i = x_(indices_i).
KERNEL(gather_labels)(GLOBAL const int* restrict x, INDEX x0, GLOBAL const int* restrict indices, INDEX indices0,
    GLOBAL int* restrict y, INDEX y0, INDEX n)
{
    FOR_EACH(i, n)
        y[y0 + i] = x[x0 + indices[indices0 + i]];
}
