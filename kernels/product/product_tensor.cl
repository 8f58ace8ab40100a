// C = epilogue(alpha·(op(A)·op(B) + op(A2)·op(B2)) + beta·C) on tensor cores, for floats and for signs.
//
// A float is split into two parts of 11 bits, x = high + low; with TERMS 3, a·b ≈ low·high + high·low + high·high, whose error is
// like a float's (Ootomo and Yokota 2022); with TERMS 1 only the last. Tensor cores cut off what they add, so sums of one tile of
// k are added to the rest as floats, which round.
//
// Of signs they count the bits of `and`, and k - 2·|a xor b| = k - 2·|a| - 2·|b| + 4·|a and b|, where |·| counts the bits of a row,
// which count_signs has left.
//
// A group's WARPS_M × WARPS_N warps share a tile of C; STAGES tiles of the operands are in flight to local memory, in the order in
// which they are stored, by copies that no thread waits for.

#ifndef WARPS_M
#define WARPS_M 2
#endif
#ifndef WARPS_N
#define WARPS_N 4
#endif
#ifndef STAGES
#define STAGES 3
#endif
#ifndef TERMS
#define TERMS 3
#endif
// Whether every row of the operands begins on a boundary of 16 bytes.
#ifndef ALIGNED
#define ALIGNED 1
#endif

#define GROUP_THREADS (32 * WARPS_M * WARPS_N)
// Elements that one copy brings.
#define UNIT (ALIGNED ? (int)(16 / sizeof(ELEMENT)) : 1)

#include "product/product.h"

#define BLOCKS_M (TILE_M / WARPS_M / 16)
#define BLOCKS_N (TILE_N / WARPS_N / 8)

// A tensor core takes elements in parts of 32 bits, eight steps of them at once.
#if COUNTS
typedef UINT PART;
typedef int SUM;
#define SCRATCH COUNT_SCRATCH
#define MORE_PARAMETERS , GLOBAL const int* restrict counts
#define VALUE(sum, i, j) ((REAL)(k - 2 * ((INDEX)counts[i] + counts[m + (j)]) + 4 * (INDEX)(sum)))
#else
typedef float PART;
typedef float SUM;
#define SCRATCH TENSOR_SCRATCH
#define MORE_PARAMETERS
#define VALUE(sum, i, j) (sum)
#endif
#define PARTS ((int)(sizeof(ELEMENT) / sizeof(PART)))
#define BLOCKS_K (TILE_K * PARTS / 8)

// An operand's tile as it is stored: rows so far apart that a warp's loads fall into different banks.
#define STRIDE_A (BY_STEP_A ? TILE_M + 8 : TILE_K * PARTS + 4)
#define STRIDE_B (BY_STEP_B ? TILE_N + 8 : TILE_K * PARTS + 4)
#define SIZE_A ((BY_STEP_A ? TILE_K : TILE_M) * STRIDE_A)
#define SIZE_B ((BY_STEP_B ? TILE_K : TILE_N) * STRIDE_B)

// Part k of row i of A's tile, and of column j of B's.
#define LEFT_AT(tile, i, k) (tile)[BY_STEP_A ? (k) * STRIDE_A + (i) : (i) * STRIDE_A + (k)]
#define RIGHT_AT(tile, k, j) (tile)[BY_STEP_B ? (k) * STRIDE_B + (j) : (j) * STRIDE_B + (k)]

// Tile number `coming`, of those from `begin`, to its place in local memory, if there is such a tile.
#define BRING(coming) \
    do { \
        if ((coming) < end) { \
            LOCAL PART* slot = tiles + ((coming) - begin) % STAGES * (SIZE_A + SIZE_B); \
            BEGIN_TILE(coming); \
            OF_A(_copy)((LOCAL ELEMENT*)slot, STRIDE_A / PARTS, left, BY_STEP_A, TILE_M, row0, m, step0, depth); \
            OF_B(_copy)((LOCAL ELEMENT*)(slot + SIZE_A), STRIDE_B / PARTS, right, BY_STEP_B, TILE_N, column0, n, step0, depth); \
        } \
        COPIES_QUEUED(); \
    } while (0)

FUNCTION void split(float x, float* high, float* low)
{
    *high = round_to_tensor(x);
    *low = TERMS == 3 ? round_to_tensor(x - *high) : 0;
}

KERNEL(product_tensor)(PRODUCT_PARAMETERS MORE_PARAMETERS SHARED(PART, tiles))
{
    SHARED_ARRAY(PART, tiles)
    SCRATCH;
    BEGIN_PRODUCT();
    int warp = THREAD(0) / 32, lane = THREAD(0) % 32, g = lane / 4, t4 = lane % 4;
    int warp_row = warp / WARPS_N * (TILE_M / WARPS_M), warp_column = warp % WARPS_N * (TILE_N / WARPS_N);

    SUM sums[BLOCKS_M][BLOCKS_N][4];
    UNROLL
    for (int i = 0; i < BLOCKS_M; i++)
        UNROLL
        for (int j = 0; j < BLOCKS_N; j++)
            UNROLL
            for (int l = 0; l < 4; l++)
                sums[i][j][l] = 0;

    for (INDEX t = begin; t < begin + STAGES - 1; t++)
        BRING(t);
    for (INDEX t = begin; t < end; t++) {
        // This tile has come, and all threads are done with the one before, whose place the next one takes.
        COPIES_DONE_BUT(STAGES - 2);
        BARRIER();
        BRING(t + STAGES - 1);

        // What a thread needs of the tile lies at distances from these that are known to the compiler.
        LOCAL const PART* slot = tiles + (t - begin) % STAGES * (SIZE_A + SIZE_B);
        LOCAL const PART* left = &LEFT_AT(slot, warp_row + g, t4);
        LOCAL const PART* right = &RIGHT_AT(slot + SIZE_A, t4, warp_column + g);
#if COUNTS
        UNROLL
        for (int step = 0; step < BLOCKS_K; step++) {
            UINT y[BLOCKS_N][2];
            UNROLL
            for (int j = 0; j < BLOCKS_N; j++)
                UNROLL
                for (int l = 0; l < 2; l++)
                    y[j][l] = RIGHT_AT(right, step * 8 + l * 4, j * 8);
            UNROLL
            for (int i = 0; i < BLOCKS_M; i++) {
                UINT x[4];
                UNROLL
                for (int l = 0; l < 4; l++)
                    x[l] = LEFT_AT(left, i * 16 + l % 2 * 8, step * 8 + l / 2 * 4);
                UNROLL
                for (int j = 0; j < BLOCKS_N; j++)
                    COUNT_TENSOR(sums[i][j], x, y[j]);
            }
        }
#else
        float high_b[BLOCKS_K][BLOCKS_N][2], low_b[BLOCKS_K][BLOCKS_N][2];
        UNROLL
        for (int step = 0; step < BLOCKS_K; step++)
            UNROLL
            for (int j = 0; j < BLOCKS_N; j++)
                UNROLL
                for (int l = 0; l < 2; l++)
                    split(RIGHT_AT(right, step * 8 + l * 4, j * 8), &high_b[step][j][l], &low_b[step][j][l]);
        UNROLL
        for (int i = 0; i < BLOCKS_M; i++) {
            float fresh[BLOCKS_N][4];
            UNROLL
            for (int j = 0; j < BLOCKS_N; j++)
                UNROLL
                for (int l = 0; l < 4; l++)
                    fresh[j][l] = 0;
            UNROLL
            for (int step = 0; step < BLOCKS_K; step++) {
                float high_a[4], low_a[4];
                UNROLL
                for (int l = 0; l < 4; l++)
                    split(LEFT_AT(left, i * 16 + l % 2 * 8, step * 8 + l / 2 * 4), &high_a[l], &low_a[l]);
                // low·high, high·low, high·high: the small ones first.
                UNROLL
                for (int term = 3 - TERMS; term < 3; term++)
                    UNROLL
                    for (int j = 0; j < BLOCKS_N; j++)
                        MULTIPLY_TENSOR(fresh[j], term == 0 ? low_a : high_a, term == 1 ? low_b[step][j] : high_b[step][j]);
            }
            UNROLL
            for (int j = 0; j < BLOCKS_N; j++)
                UNROLL
                for (int l = 0; l < 4; l++)
                    sums[i][j][l] += fresh[j][l];
        }
#endif
    }

    BEGIN_RESULT();
    UNROLL
    for (int i = 0; i < BLOCKS_M; i++)
        UNROLL
        for (int j = 0; j < BLOCKS_N; j++)
            UNROLL
            for (int l = 0; l < 4; l++) {
                INDEX row = row0 + warp_row + i * 16 + g + l / 2 * 8, column = column0 + warp_column + j * 8 + t4 * 2 + l % 2;
                if (row < m && column < n)
                    STORE_SUM(VALUE(sums[i][j][l], row, column), row, column);
            }
}
