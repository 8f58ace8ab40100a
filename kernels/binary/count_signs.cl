// The bits in each row of two matrices of signs. In a file of its own: without tensor cores, sign_product_tensor takes minutes to
// compile with other parameters than those that emulate them.

// counts_r = the bits in row r of A, and after these, of B. Doubles add whole numbers exactly.
KERNEL(count_signs)(GLOBAL const WORD* restrict a, INDEX a0, INDEX a_stride, INDEX m,
    GLOBAL const WORD* restrict b, INDEX b0, INDEX b_stride, INDEX n, INDEX words, GLOBAL int* restrict counts)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    INDEX rows = m + n;
    FOR_EACH_ROW(r, rows) {
        double count = 0;
        FOR_EACH_COLUMN(w, words, r)
            count += (int)POPCOUNT(r < m ? a[a0 + r * a_stride + w] : b[b0 + (r - m) * b_stride + w]);
        count = sum_of_row(count, work);
        if (IS_FIRST_OF_ROW(r))
            counts[r] = (int)count;
    }
}
