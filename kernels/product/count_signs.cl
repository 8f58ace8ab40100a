// counts_r = the bits in row r of A, which has m, and after these, of B. Doubles add whole numbers exactly.
KERNEL(count_signs)(GLOBAL const WORD* restrict a, INDEX a0, INDEX a_stride, INDEX m,
    GLOBAL const WORD* restrict b, INDEX b0, INDEX b_stride, GLOBAL int* restrict counts, INDEX rows, INDEX words)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(r, rows) {
        double count = 0;
        FOR_EACH_COLUMN(w, words, r)
            count += (int)POPCOUNT(r < m ? a[a0 + r * a_stride + w] : b[b0 + (r - m) * b_stride + w]);
        count = sum_of_row(count, work);
        if (IS_FIRST_OF_ROW(r))
            counts[r] = (int)count;
    }
}
