#include "product/epilogue.h"

// The sums of a product whose k was dealt to several groups, added in order, and the epilogue.
KERNEL(finish_product)(INDEX m, INDEX n, INDEX members, INDEX splits, GLOBAL const REAL* restrict partial, RESULT_PARAMETERS)
{
    INDEX size = m * n;
    FOR_EACH(e, members * size) {
        INDEX member = e / size, place = e % size, i = place / n, j = place % n;
        REAL sum = 0;
        for (INDEX split = 0; split < splits; split++)
            sum += partial[(member * splits + split) * size + place];
        FINISH(c0 + member * c_step + i * c_stride + j, sum, i, j);
    }
}
