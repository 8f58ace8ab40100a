// C = epilogue(alpha·(op(A)·op(B) + op(A2)·op(B2)) + beta·C), for each member of a batch.
//
// A group computes a tile of C of TILE_M × TILE_N. Steps of k go by TILE_K: the group brings that much of both factors to local
// memory, k outermost, zeros beyond the edges; each thread then multiplies ROWS × COLUMNS of the tile in registers. A GPU's
// threads have one such block each; a processor's groups have one thread, which goes over all blocks of the tile in turn, with
// columns that are vectors. k runs over the steps of the first pair, then over those of the second, and may be dealt to several
// groups (SPLIT), whose sums gemm_finish adds in order.

#include "dense/gemm.h"

#ifndef ROWS
#define ROWS 8
#endif
#ifndef COLUMNS
#define COLUMNS 8
#endif
// Threads along each side of the tile. Where these are fewer than the blocks, a thread goes over several.
#ifndef THREADS_M
#define THREADS_M 16
#endif
#ifndef THREADS_N
#define THREADS_N 16
#endif
// Adjacent rows, or columns, that a thread has before the next thread's begin: as many as one load from local memory brings.
#ifndef SPAN_M
#define SPAN_M 4
#endif
#ifndef SPAN_N
#define SPAN_N 4
#endif
// Elements of a vector; more than one on processors.
#ifndef WIDTH
#define WIDTH 1
#endif
// Tiles of the factors held at once: with two, all threads fetch the next while the present one is multiplied; one suits groups
// of one thread.
#ifndef STAGES
#define STAGES 2
#endif
// Elements between the steps of k in local memory, beyond the tile's own: they spread a column over the banks.
#ifndef PADDING
#define PADDING 4
#endif

#define GROUP_THREADS (THREADS_M * THREADS_N)
#define BLOCKS_M (TILE_M / (ROWS * THREADS_M))
#define BLOCKS_N (TILE_N / (COLUMNS * WIDTH * THREADS_N))
#define STRIDE_A (TILE_M + PADDING)
#define STRIDE_B (TILE_N + PADDING)
#define PER_THREAD_A (TILE_M * TILE_K / GROUP_THREADS)
#define PER_THREAD_B (TILE_N * TILE_K / GROUP_THREADS)

#if WIDTH == 1
typedef REAL VECTOR;
#define LOAD(p) (*(p))
#define STORE(v, p) (*(p) = (v))
#else
#define JOIN(a, b) a##b
#define EXPAND(a, b) JOIN(a, b)
typedef EXPAND(REAL, WIDTH) VECTOR;
#define LOAD(p) EXPAND(vload, WIDTH)(0, p)
#define STORE(v, p) EXPAND(vstore, WIDTH)(v, 0, p)
#endif

// Row, or column, of the tile: position r of the thread's own, of which SPAN lie together.
#define PLACE(thread, r, span, threads) ((r) / (span) * ((span) * (threads)) + (thread) * (span) + (r) % (span))

// Element (i, k) of op(A), 0 beyond the edge.
FUNCTION REAL left_at(GLOBAL const REAL* a, INDEX stride, INDEX i, INDEX k, INDEX m, INDEX depth)
{
    return i < m && k < depth ? a[TRANSPOSE_A ? k * stride + i : i * stride + k] : (REAL)0;
}

FUNCTION REAL right_at(GLOBAL const REAL* b, INDEX stride, INDEX k, INDEX j, INDEX n, INDEX depth)
{
    return j < n && k < depth ? b[TRANSPOSE_B ? j * stride + k : k * stride + j] : (REAL)0;
}

// Which element of a tile's factor is number e, so that adjacent threads read adjacent elements of memory.
#define LEFT_ROW(e) (TRANSPOSE_A ? (e) % TILE_M : (e) / TILE_K)
#define LEFT_STEP(e) (TRANSPOSE_A ? (e) / TILE_M : (e) % TILE_K)
#define RIGHT_COLUMN(e) (TRANSPOSE_B ? (e) / TILE_K : (e) % TILE_N)
#define RIGHT_STEP(e) (TRANSPOSE_B ? (e) % TILE_K : (e) / TILE_N)

// tile[step][i] = x[i·along + step·deep], 0 for the i beyond the extent; by one thread.
FUNCTION void bring(LOCAL REAL* tile, int stride, int size, GLOBAL const REAL* x, INDEX along, INDEX deep, INDEX extent, int steps)
{
    int count = extent < size ? (int)extent : size;
    if (along == 1) {
        for (int step = 0; step < steps; step++)
            for (int i = 0; i < count; i++)
                tile[step * stride + i] = x[step * deep + i];
    } else {
        for (int i = 0; i < count; i++)
            for (int step = 0; step < steps; step++)
                tile[step * stride + i] = x[i * along + step];
    }
    for (int step = 0; step < steps && count < size; step++)
        for (int i = count; i < size; i++)
            tile[step * stride + i] = 0;
}

KERNEL(gemm)(GEMM_PARAMETERS)
{
    LOCAL_ARRAY(REAL, tile_a, STAGES * TILE_K * STRIDE_A);
    LOCAL_ARRAY(REAL, tile_b, STAGES * TILE_K * STRIDE_B);

    BEGIN_PRODUCT();
    int thread = THREAD(0), thread_n = thread % THREADS_N, thread_m = thread / THREADS_N;

    VECTOR sums[BLOCKS_M][BLOCKS_N][ROWS][COLUMNS];
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++)
                UNROLL
                for (int s = 0; s < COLUMNS; s++)
                    sums[bm][bn][r][s] = 0;

#if STAGES > 1
    REAL next_a[PER_THREAD_A], next_b[PER_THREAD_B];
#endif
    // One turn more than there are tiles: a tile is fetched in one turn and multiplied in the next.
    for (INDEX t = begin; t < end + STAGES - 1; t++) {
        bool second = t >= tiles_k;
        INDEX step0 = (second ? t - tiles_k : t) * TILE_K, depth = second ? k2 : k;
        INDEX stride_a = second ? a2_stride : a_stride, stride_b = second ? b2_stride : b_stride;
        GLOBAL const REAL* left = second ? a2 : a;
        GLOBAL const REAL* right = second ? b2 : b;
#if STAGES == 1
        int steps = depth - step0 < TILE_K ? (int)(depth - step0) : TILE_K;
        BARRIER();
        if (thread == 0) {
            bring(tile_a, STRIDE_A, TILE_M, left + (TRANSPOSE_A ? step0 * stride_a + row0 : row0 * stride_a + step0),
                TRANSPOSE_A ? 1 : stride_a, TRANSPOSE_A ? stride_a : 1, m - row0, steps);
            bring(tile_b, STRIDE_B, TILE_N, right + (TRANSPOSE_B ? column0 * stride_b + step0 : step0 * stride_b + column0),
                TRANSPOSE_B ? stride_b : 1, TRANSPOSE_B ? 1 : stride_b, n - column0, steps);
        }
        BARRIER();
        LOCAL const REAL* at_a = tile_a;
        LOCAL const REAL* at_b = tile_b;
#else
        int steps = TILE_K;
        if (t < end) {
            UNROLL
            for (int l = 0; l < PER_THREAD_A; l++) {
                int e = thread + l * GROUP_THREADS;
                next_a[l] = left_at(left, stride_a, row0 + LEFT_ROW(e), step0 + LEFT_STEP(e), m, depth);
            }
            UNROLL
            for (int l = 0; l < PER_THREAD_B; l++) {
                int e = thread + l * GROUP_THREADS;
                next_b[l] = right_at(right, stride_b, step0 + RIGHT_STEP(e), column0 + RIGHT_COLUMN(e), n, depth);
            }
        }
        LOCAL const REAL* at_a = tile_a + ((t + 1) & 1) * (TILE_K * STRIDE_A);
        LOCAL const REAL* at_b = tile_b + ((t + 1) & 1) * (TILE_K * STRIDE_B);
        if (t > begin)
#endif
        {
            for (int bm = 0; bm < BLOCKS_M; bm++)
                for (int bn = 0; bn < BLOCKS_N; bn++) {
                    // What lies wholly beyond the edge is not multiplied.
                    if ((BLOCKS_M > 1 && row0 + bm * ROWS >= m) || (BLOCKS_N > 1 && column0 + bn * COLUMNS * WIDTH >= n))
                        continue;
                    VECTOR block[ROWS][COLUMNS];
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            block[r][s] = sums[bm][bn][r][s];
#if STAGES > 1
                    UNROLL
#endif
                    for (int step = 0; step < steps; step++) {
                        REAL x[ROWS];
                        VECTOR y[COLUMNS];
                        UNROLL
                        for (int r = 0; r < ROWS; r++)
                            x[r] = at_a[step * STRIDE_A + bm * ROWS + PLACE(thread_m, r, SPAN_M, THREADS_M)];
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            y[s] = LOAD(at_b + step * STRIDE_B + (bn * COLUMNS + PLACE(thread_n, s, SPAN_N, THREADS_N)) * WIDTH);
                        UNROLL
                        for (int r = 0; r < ROWS; r++)
                            UNROLL
                            for (int s = 0; s < COLUMNS; s++)
                                block[r][s] = fma((VECTOR)(x[r]), y[s], block[r][s]);
                    }
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            sums[bm][bn][r][s] = block[r][s];
                }
        }
#if STAGES > 1
        if (t < end) {
            LOCAL REAL* to_a = tile_a + (t & 1) * (TILE_K * STRIDE_A);
            LOCAL REAL* to_b = tile_b + (t & 1) * (TILE_K * STRIDE_B);
            UNROLL
            for (int l = 0; l < PER_THREAD_A; l++) {
                int e = thread + l * GROUP_THREADS;
                to_a[LEFT_STEP(e) * STRIDE_A + LEFT_ROW(e)] = next_a[l];
            }
            UNROLL
            for (int l = 0; l < PER_THREAD_B; l++) {
                int e = thread + l * GROUP_THREADS;
                to_b[RIGHT_STEP(e) * STRIDE_B + RIGHT_COLUMN(e)] = next_b[l];
            }
        }
        BARRIER();
#endif
    }

    BEGIN_RESULT();
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++) {
                INDEX i = row0 + bm * ROWS + PLACE(thread_m, r, SPAN_M, THREADS_M);
                UNROLL
                for (int s = 0; s < COLUMNS; s++) {
                    REAL values[WIDTH];
                    STORE(sums[bm][bn][r][s], values);
                    INDEX j0 = column0 + (bn * COLUMNS + PLACE(thread_n, s, SPAN_N, THREADS_N)) * WIDTH;
                    for (int w = 0; w < WIDTH; w++) {
                        INDEX j = j0 + w;
                        if (i < m && j < n)
                            STORE_SUM(values[w], i, j);
                    }
                }
            }
}
