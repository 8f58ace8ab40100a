// y_ij = 1 or -1, as bit j mod 64 of word j / 64 of row i says.
KERNEL(unpack_signs)(GLOBAL const WORD* restrict bits, INDEX bits0, INDEX bits_stride, GLOBAL REAL* restrict y, INDEX y0, INDEX stride,
    INDEX rows, INDEX columns)
{
    FOR_EACH_ROW(i, rows)
        FOR_EACH_COLUMN(j, columns, i)
            y[y0 + i * stride + j] = SIGN_OF(bits[bits0 + i * bits_stride + j / WORD_BITS], j % WORD_BITS);
}
