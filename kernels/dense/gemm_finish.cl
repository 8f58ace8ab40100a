#include "dense/gemm.h"

// The sums of a product whose k was dealt to several groups, added in order, and the epilogue.
KERNEL(gemm_finish)(INDEX m, INDEX n, INDEX members, INDEX splits, GLOBAL const REAL* restrict partial,
    double alpha, double beta, GLOBAL REAL* restrict c, INDEX c0, INDEX c_stride, INDEX c_step,
    GLOBAL const REAL* restrict bias, INDEX bias0, INDEX bias_step,
    GLOBAL const REAL* restrict mask, INDEX mask0, INDEX mask_stride, int epilogue)
{
    INDEX size = m * n;
    FOR_EACH(e, members * size) {
        INDEX member = e / size, place = e % size, i = place / n, j = place % n;
        REAL sum = 0;
        for (INDEX split = 0; split < splits; split++)
            sum += partial[(member * splits + split) * size + place];
        INDEX at = c0 + member * c_step + i * c_stride + j;
        c[at] = finish(sum, beta == 0 ? 0 : c[at], alpha, beta, i, j,
            bias, bias0 + member * bias_step, mask, mask0, mask_stride, epilogue);
    }
}
