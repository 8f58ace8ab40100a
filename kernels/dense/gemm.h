// What all kernels for products share: their parameters, their tiles, where a group begins, and what is done to an element before
// it is stored.

#ifndef TRANSPOSE_A
#define TRANSPOSE_A 0
#endif
#ifndef TRANSPOSE_B
#define TRANSPOSE_B 0
#endif

// The group's tile of C, and the steps of k that it takes at once.
#ifndef TILE_M
#define TILE_M 128
#endif
#ifndef TILE_N
#define TILE_N 128
#endif
#ifndef TILE_K
#define TILE_K 16
#endif

// A is m × k, B is k × n, A2 is m × k2, B2 is k2 × n, all after transposition. A step leads to the next member of the batch.
// Where splits > 1, the group's sums go to partial, and gemm_finish does the rest.
#define GEMM_PARAMETERS \
    INDEX m, INDEX n, INDEX k, INDEX k2, \
    GLOBAL const REAL* restrict a, INDEX a0, INDEX a_stride, INDEX a_step, \
    GLOBAL const REAL* restrict b, INDEX b0, INDEX b_stride, INDEX b_step, \
    GLOBAL const REAL* restrict a2, INDEX a20, INDEX a2_stride, INDEX a2_step, \
    GLOBAL const REAL* restrict b2, INDEX b20, INDEX b2_stride, INDEX b2_step, \
    double alpha, double beta, GLOBAL REAL* restrict c, INDEX c0, INDEX c_stride, INDEX c_step, \
    GLOBAL const REAL* restrict bias, INDEX bias0, INDEX bias_step, \
    GLOBAL const REAL* restrict mask, INDEX mask0, INDEX mask_stride, int epilogue, \
    INDEX splits, GLOBAL REAL* restrict partial

// Tiles in a column of C that are worked on together, so that they share B in the second-level cache.
#define BAND 8

// What a group begins with: the first row and column of its tile, in bands of BAND rows of tiles, a band column by column; its
// member of the batch, to which the factors move; and its share of the steps of k, from tile `begin` to before tile `end`. Tiles
// from number tiles_k on are of the second pair.
#define BEGIN_PRODUCT() \
    INDEX tiles_m = (m + TILE_M - 1) / TILE_M, tiles_n = (n + TILE_N - 1) / TILE_N; \
    INDEX band = GROUP(0) / (BAND * tiles_n), place = GROUP(0) % (BAND * tiles_n); \
    INDEX height = tiles_m - band * BAND < BAND ? tiles_m - band * BAND : BAND; \
    INDEX row0 = (band * BAND + place % height) * TILE_M, column0 = place / height * TILE_N; \
    INDEX member = GROUP(2) / splits, part = GROUP(2) % splits; \
    INDEX tiles_k = (k + TILE_K - 1) / TILE_K, all = tiles_k + (k2 + TILE_K - 1) / TILE_K; \
    INDEX begin = all * part / splits, end = all * (part + 1) / splits; \
    a += a0 + member * a_step; \
    b += b0 + member * b_step; \
    a2 += a20 + member * a2_step; \
    b2 += b20 + member * b2_step

// The result, and the sums of a part of k, move to the member; not before they are wanted, to leave registers to the product.
#define BEGIN_RESULT() \
    c += c0 + member * c_step; \
    partial += GROUP(2) * m * n

// Element (i, j) of the member's C from its sum; c and partial begin at the member.
#define STORE_SUM(sum, i, j) \
    do { \
        if (splits > 1) \
            partial[(i) * n + (j)] = (sum); \
        else \
            c[(i) * c_stride + (j)] = finish((sum), beta == 0 ? 0 : c[(i) * c_stride + (j)], alpha, beta, (i), (j), \
                bias, bias0 + member * bias_step, mask, mask0, mask_stride, epilogue); \
    } while (0)

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
