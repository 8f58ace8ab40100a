// C = epilogue(alpha·(op(A)·op(B) + op(A2)·op(B2)) + beta·C) in float, on tensor cores.
//
// A float is split into two parts of 11 bits, x = high + low; with TERMS 3, a·b ≈ low·high + high·low + high·high, whose error is
// like a float's (Ootomo and Yokota 2022); with TERMS 1 only the last. Tensor cores cut off what they add, so sums of one tile of
// k are added to the rest as floats, which round.
//
// A group's WARPS_M × WARPS_N warps share a tile of C; STAGES tiles of the factors are in flight to local memory, in the order in
// which they are stored, by copies that no thread waits for.

#include "dense/gemm.h"

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
// Whether every row of the factors begins on a boundary of 16 bytes.
#ifndef ALIGNED
#define ALIGNED 1
#endif

#define GROUP_THREADS (32 * WARPS_M * WARPS_N)
#define BLOCKS_M (TILE_M / WARPS_M / 16)
#define BLOCKS_N (TILE_N / WARPS_N / 8)
#define BLOCKS_K (TILE_K / 8)

// A factor's tile as it is stored: HEIGHT rows of WIDTH, the rows so far apart that a warp's loads fall into different banks.
#define HEIGHT_A (TRANSPOSE_A ? TILE_K : TILE_M)
#define WIDTH_A (TRANSPOSE_A ? TILE_M : TILE_K)
#define HEIGHT_B (TRANSPOSE_B ? TILE_N : TILE_K)
#define WIDTH_B (TRANSPOSE_B ? TILE_K : TILE_N)
#define STRIDE_A (WIDTH_A + (TRANSPOSE_A ? 8 : 4))
#define STRIDE_B (WIDTH_B + (TRANSPOSE_B ? 4 : 8))
#define SIZE_A (HEIGHT_A * STRIDE_A)
#define SIZE_B (HEIGHT_B * STRIDE_B)

#define LEFT_AT(tile, i, k) (tile)[TRANSPOSE_A ? (k) * STRIDE_A + (i) : (i) * STRIDE_A + (k)]
#define RIGHT_AT(tile, k, j) (tile)[TRANSPOSE_B ? (j) * STRIDE_B + (k) : (k) * STRIDE_B + (j)]

// tile ← rows row0 … and columns column0 … of a stored matrix, 0 beyond its edges.
FUNCTION void fetch(LOCAL float* tile, int height, int width, int tile_stride, GLOBAL const float* x, INDEX stride,
    INDEX row0, INDEX rows, INDEX column0, INDEX columns)
{
    int unit = ALIGNED ? 4 : 1, units = width / unit;
    UNROLL
    for (int l = 0; l < (height * units + GROUP_THREADS - 1) / GROUP_THREADS; l++) {
        int e = l * GROUP_THREADS + THREAD(0);
        if (e >= height * units)
            break;
        INDEX i = e / units, j = e % units * unit, left = row0 + i < rows ? columns - (column0 + j) : 0;
        int count = left >= unit ? unit : left > 0 ? (int)left : 0;
        GLOBAL const float* from = x + (count > 0 ? (row0 + i) * stride + column0 + j : 0);
        if (ALIGNED)
            copy_later_16(tile + i * tile_stride + j, from, count);
        else
            copy_later_4(tile + i * tile_stride + j, from, count);
    }
}

FUNCTION void split(float x, float* high, float* low)
{
    *high = round_to_tensor(x);
    *low = TERMS == 3 ? round_to_tensor(x - *high) : 0;
}

// Tile number `coming`, of those from `begin`, to its place in local memory, if there is such a tile.
#define BRING(coming) \
    do { \
        if ((coming) < end) { \
            LOCAL float* slot = tiles + ((coming) - begin) % STAGES * (SIZE_A + SIZE_B); \
            int second = (coming) >= tiles_k; \
            INDEX step0 = (second ? (coming) - tiles_k : (coming)) * TILE_K, depth = second ? k2 : k; \
            fetch(slot, HEIGHT_A, WIDTH_A, STRIDE_A, second ? a2 : a, second ? a2_stride : a_stride, \
                TRANSPOSE_A ? step0 : row0, TRANSPOSE_A ? depth : m, TRANSPOSE_A ? row0 : step0, TRANSPOSE_A ? m : depth); \
            fetch(slot + SIZE_A, HEIGHT_B, WIDTH_B, STRIDE_B, second ? b2 : b, second ? b2_stride : b_stride, \
                TRANSPOSE_B ? column0 : step0, TRANSPOSE_B ? n : depth, TRANSPOSE_B ? step0 : column0, TRANSPOSE_B ? depth : n); \
        } \
        COPIES_QUEUED(); \
    } while (0)

KERNEL(gemm_tensor)(GEMM_PARAMETERS SHARED(float, tiles))
{
    SHARED_ARRAY(float, tiles)
    TENSOR_SCRATCH;
    BEGIN_PRODUCT();
    int thread = THREAD(0), warp = thread / 32, lane = thread % 32, g = lane / 4, t4 = lane % 4;
    int warp_row = warp / WARPS_N * (TILE_M / WARPS_M), warp_column = warp % WARPS_N * (TILE_N / WARPS_N);

    float sums[BLOCKS_M][BLOCKS_N][4];
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

        LOCAL const float* left = tiles + (t - begin) % STAGES * (SIZE_A + SIZE_B);
        LOCAL const float* right = left + SIZE_A;
        float high_b[BLOCKS_K][BLOCKS_N][2], low_b[BLOCKS_K][BLOCKS_N][2];
        UNROLL
        for (int step = 0; step < BLOCKS_K; step++)
            UNROLL
            for (int j = 0; j < BLOCKS_N; j++)
                UNROLL
                for (int l = 0; l < 2; l++)
                    split(RIGHT_AT(right, step * 8 + t4 + l * 4, warp_column + j * 8 + g), &high_b[step][j][l], &low_b[step][j][l]);
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
                    split(LEFT_AT(left, warp_row + i * 16 + g + l % 2 * 8, step * 8 + t4 + l / 2 * 4), &high_a[l], &low_a[l]);
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
                    STORE_SUM(sums[i][j][l], row, column);
            }
}
