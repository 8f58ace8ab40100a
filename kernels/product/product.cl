// C = epilogue(alpha·(op(A)·op(B) + op(A2)·op(B2)) + beta·C), for each member of a batch and operands of any kind.
//
// A group computes a tile of C of TILE_M × TILE_N. Steps of k go by TILE_K: the group reads that much of both operands into local
// memory, k outermost, zeros beyond the edges; each thread then multiplies ROWS × COLUMNS of the tile in registers. A GPU's
// threads have one such block each; a processor's groups have one thread, which goes over all blocks of the tile in turn, with
// columns that are vectors. k runs over the steps of the first pair, then over those of the second, and may be dealt to several
// groups (SPLIT), whose sums finish_product adds in order.

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
// Tiles of the operands in local memory at once. While one is multiplied, threads hold the next in registers; with a second place
// for it they need not wait for each other before they put it down. A thread that is alone in its group holds none.
#ifndef STAGES
#define STAGES 2
#endif
// Elements between the steps of k in local memory, beyond the tile's own: they spread a column over the banks.
#ifndef PADDING
#define PADDING 4
#endif

#define GROUP_THREADS (THREADS_M * THREADS_N)
#define AHEAD (GROUP_THREADS > 1)

#include "product/product.h"

#define SLOTS (AHEAD ? STAGES : 1)
#define BLOCKS_M (TILE_M / (ROWS * THREADS_M))
#define BLOCKS_N (TILE_N / (COLUMNS * WIDTH * THREADS_N))
#define STRIDE_A (TILE_M + PADDING)
#define STRIDE_B (TILE_N + PADDING)

#if WIDTH == 1
typedef ELEMENT VECTOR;
#define LOAD(p) (*(p))
#define STORE(v, p) (*(p) = (v))
#else
typedef EXPAND(ELEMENT_NAME, WIDTH) VECTOR;
#define LOAD(p) EXPAND(vload, WIDTH)(0, p)
#define STORE(v, p) EXPAND(vstore, WIDTH)(v, 0, p)
#endif

// What is added up over k.
#if COUNTS && WIDTH == 1
typedef int SUM;
#else
typedef VECTOR SUM;
#endif
#if COUNTS
#define MULTIPLY_ADD(x, y, sum) ((sum) + POPCOUNT((VECTOR)(x) ^ (y)))
#define VALUE(sum) ((REAL)(k - 2 * (INDEX)(sum)))
#else
#define MULTIPLY_ADD(x, y, sum) fma((VECTOR)(x), y, sum)
#define VALUE(sum) (sum)
#endif

// Row, or column, of the tile: position r of the thread's own, of which SPAN lie together.
#define PLACE(thread, r, span, threads) ((r) / (span) * ((span) * (threads)) + (thread) * (span) + (r) % (span))

KERNEL(product)(PRODUCT_PARAMETERS)
{
    LOCAL_ARRAY(ELEMENT, tile_a, SLOTS * TILE_K * STRIDE_A);
    LOCAL_ARRAY(ELEMENT, tile_b, SLOTS * TILE_K * STRIDE_B);

    BEGIN_PRODUCT();
    int thread_n = THREAD(0) % THREADS_N, thread_m = THREAD(0) / THREADS_N;

    SUM sums[BLOCKS_M][BLOCKS_N][ROWS][COLUMNS];
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++)
                UNROLL
                for (int s = 0; s < COLUMNS; s++)
                    sums[bm][bn][r][s] = 0;

#if AHEAD
    OF_A(_held) held_a[OF_A(_HELD)(TILE_M)];
    OF_B(_held) held_b[OF_B(_HELD)(TILE_N)];
#endif
    // Where tiles are held, one turn more than there are: a tile is fetched in one turn and multiplied in the next.
    for (INDEX t = begin; t < end + AHEAD; t++) {
        BEGIN_TILE(t);
#if AHEAD
        int steps = TILE_K;
        if (t < end) {
            OF_A(_fetch)(held_a, left, BY_STEP_A, TILE_M, row0, m, step0, depth);
            OF_B(_fetch)(held_b, right, BY_STEP_B, TILE_N, column0, n, step0, depth);
        }
        LOCAL const ELEMENT* at_a = tile_a + ((t + 1) & (SLOTS - 1)) * (TILE_K * STRIDE_A);
        LOCAL const ELEMENT* at_b = tile_b + ((t + 1) & (SLOTS - 1)) * (TILE_K * STRIDE_B);
        if (t > begin)
#else
        int steps = depth - step0 < TILE_K ? (int)(depth - step0) : TILE_K;
        BARRIER();
        OF_A(_bring)(tile_a, STRIDE_A, left, BY_STEP_A, TILE_M, row0, m, step0, steps);
        OF_B(_bring)(tile_b, STRIDE_B, right, BY_STEP_B, TILE_N, column0, n, step0, steps);
        BARRIER();
        LOCAL const ELEMENT* at_a = tile_a;
        LOCAL const ELEMENT* at_b = tile_b;
#endif
        {
            for (int bm = 0; bm < BLOCKS_M; bm++)
                for (int bn = 0; bn < BLOCKS_N; bn++) {
                    // What lies wholly beyond the edge is not multiplied.
                    if ((BLOCKS_M > 1 && row0 + bm * ROWS >= m) || (BLOCKS_N > 1 && column0 + bn * COLUMNS * WIDTH >= n))
                        continue;
                    SUM block[ROWS][COLUMNS];
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            block[r][s] = sums[bm][bn][r][s];
#if AHEAD
                    UNROLL
#endif
                    for (int step = 0; step < steps; step++) {
                        ELEMENT x[ROWS];
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
                                block[r][s] = MULTIPLY_ADD(x[r], y[s], block[r][s]);
                    }
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            sums[bm][bn][r][s] = block[r][s];
                }
        }
#if AHEAD
        if (SLOTS == 1)
            BARRIER();
        // What was fetched is put down where a turn's tile has just been multiplied, or beside it.
        if (t < end) {
            OF_A(_put)(tile_a + (t & (SLOTS - 1)) * (TILE_K * STRIDE_A), STRIDE_A, held_a, BY_STEP_A, TILE_M, step0);
            OF_B(_put)(tile_b + (t & (SLOTS - 1)) * (TILE_K * STRIDE_B), STRIDE_B, held_b, BY_STEP_B, TILE_N, step0);
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
                    ELEMENT values[WIDTH];
                    STORE(sums[bm][bn][r][s], values);
                    INDEX j0 = column0 + (bn * COLUMNS + PLACE(thread_n, s, SPAN_N, THREADS_N)) * WIDTH;
                    for (int w = 0; w < WIDTH; w++) {
                        INDEX j = j0 + w;
                        if (i < m && j < n)
                            STORE_SUM(VALUE(values[w]), i, j);
                    }
                }
            }
}
