// What is done to an element of C before it is stored.

#define RESULT_PARAMETERS \
    double alpha, double beta, GLOBAL REAL* restrict c, INDEX c0, INDEX c_stride, INDEX c_step, \
    GLOBAL const REAL* restrict bias, INDEX bias0, INDEX bias_step, \
    GLOBAL const REAL* restrict mask, INDEX mask0, INDEX mask_stride, int epilogue

#define HAS_BIAS 1
#define HAS_RELU 2
#define HAS_MASK 4

// With beta = 0, what C holds does not count, whatever it is.
FUNCTION REAL finish(REAL sum, REAL before, double alpha, double beta, INDEX i, INDEX j,
    GLOBAL const REAL* bias, INDEX bias0, GLOBAL const REAL* mask, INDEX mask0, INDEX mask_stride, int epilogue)
{
    REAL value = (REAL)alpha * sum;
    if (beta != 0)
        value = fma((REAL)beta, before, value);
    if (epilogue & HAS_BIAS)
        value += bias[bias0 + j];
    if ((epilogue & HAS_RELU) && value < 0)
        value = 0;
    if ((epilogue & HAS_MASK) && !(mask[mask0 + i * mask_stride + j] > 0))
        value = 0;
    return value;
}

// c[at] from the sum of element (i, j) of the member's C.
#define FINISH(at, sum, i, j) \
    c[at] = finish((sum), beta == 0 ? 0 : c[at], alpha, beta, (i), (j), \
        bias, bias0 + member * bias_step, mask, mask0, mask_stride, epilogue)
