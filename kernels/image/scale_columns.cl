// y_ij = scale_j·x_ij + shift_j + beta·y_ij; y may be x.
KERNEL(scale_columns)(GLOBAL const REAL* x, INDEX x0, INDEX x_stride, GLOBAL const REAL* restrict scale, INDEX scale0, int shifts,
    GLOBAL const REAL* restrict shift, INDEX shift0, double beta, GLOBAL REAL* y, INDEX y0, INDEX y_stride, INDEX elements,
    DIVISOR_PARAMETER(columns))
{
    divisor by_columns = DIVISOR(columns);
    FOR_EACH(e, elements) {
        INDEX i = quotient_of(e, by_columns), j = e - i * columns;
        GLOBAL REAL* at = y + y0 + i * y_stride + j;
        REAL value = beta == 0 ? 0 : (REAL)beta * *at;
        value = multiply_add(scale[scale0 + j], x[x0 + i * x_stride + j], value);
        *at = shifts ? value + shift[shift0 + j] : value;
    }
}
