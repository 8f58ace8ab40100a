// C = alpha·A·Bᵀ for matrices of signs: k - 2·popcount(a_i xor b_j), times alpha once. The bits beyond k are 0 in both factors and
// count for nothing.
//
// A group computes a tile of C of TILE_M × TILE_N. It brings TILE_K words of each of the tile's rows of A and of B to local memory,
// k outermost, zeros beyond the edges; each thread then counts for ROWS × COLUMNS of the tile in registers. A GPU's threads have one
// such block each, of rows and columns that lie a number of threads apart; a processor's groups have one thread, which goes over all
// blocks in turn, with columns that are vectors of words.

#ifndef TILE_M
#define TILE_M 64
#endif
#ifndef TILE_N
#define TILE_N 64
#endif
// Words of a row.
#ifndef TILE_K
#define TILE_K 16
#endif
#ifndef ROWS
#define ROWS 4
#endif
#ifndef COLUMNS
#define COLUMNS 4
#endif
// Words of a vector; more than one on processors.
#ifndef WIDTH
#define WIDTH 1
#endif
#ifndef THREADS_M
#define THREADS_M 16
#endif
#ifndef THREADS_N
#define THREADS_N 16
#endif

#define GROUP_THREADS (THREADS_M * THREADS_N)
#define BLOCKS_M (TILE_M / (ROWS * THREADS_M))
#define BLOCKS_N (TILE_N / (COLUMNS * WIDTH * THREADS_N))
// One word more than the tile: a row's words, which adjacent threads bring, fall into different banks.
#define STRIDE_A (TILE_M + 1)
#define STRIDE_B (TILE_N + (WIDTH > 1 ? WIDTH : 1))
#if WIDTH == 1
typedef WORD VECTOR;
typedef int COUNT;
#define LOAD(p) (*(p))
#define STORE(v, p) (*(p) = (v))
#else
#define JOIN(a, b) a##b
#define EXPAND(a, b) JOIN(a, b)
typedef EXPAND(ulong, WIDTH) VECTOR;
typedef VECTOR COUNT;
#define LOAD(p) EXPAND(vload, WIDTH)(0, p)
#define STORE(v, p) EXPAND(vstore, WIDTH)(v, 0, p)
#endif

// tile[step][row] = a word of each of `size` rows, 0 beyond the edges.
FUNCTION void bring(LOCAL WORD* tile, int tile_stride, int size, GLOBAL const WORD* bits, INDEX stride, INDEX rows, INDEX words)
{
    for (int e = THREAD(0); e < size * TILE_K; e += GROUP_THREADS) {
        int row = e / TILE_K, step = e % TILE_K;
        tile[step * tile_stride + row] = row < rows && step < words ? bits[row * stride + step] : 0;
    }
}

KERNEL(sign_product)(INDEX m, INDEX n, INDEX k, double alpha, GLOBAL const WORD* restrict a, INDEX a0, INDEX a_stride,
    GLOBAL const WORD* restrict b, INDEX b0, INDEX b_stride, GLOBAL REAL* restrict c, INDEX c0, INDEX c_stride)
{
    LOCAL_ARRAY(WORD, tile_a, TILE_K * STRIDE_A);
    LOCAL_ARRAY(WORD, tile_b, TILE_K * STRIDE_B);
    int thread_n = THREAD(0) % THREADS_N, thread_m = THREAD(0) / THREADS_N;
    INDEX tiles_n = (n + TILE_N - 1) / TILE_N, words = (k + WORD_BITS - 1) / WORD_BITS;
    INDEX row0 = GROUP(0) / tiles_n * TILE_M, column0 = GROUP(0) % tiles_n * TILE_N;
    a += a0 + row0 * a_stride;
    b += b0 + column0 * b_stride;

    COUNT counts[BLOCKS_M][BLOCKS_N][ROWS][COLUMNS];
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++)
                UNROLL
                for (int s = 0; s < COLUMNS; s++)
                    counts[bm][bn][r][s] = 0;

    for (INDEX word0 = 0; word0 < words; word0 += TILE_K) {
        int steps = words - word0 < TILE_K ? (int)(words - word0) : TILE_K;
        BARRIER();
        bring(tile_a, STRIDE_A, TILE_M, a + word0, a_stride, m - row0, steps);
        bring(tile_b, STRIDE_B, TILE_N, b + word0, b_stride, n - column0, steps);
        BARRIER();
        for (int bm = 0; bm < BLOCKS_M; bm++)
            for (int bn = 0; bn < BLOCKS_N; bn++) {
                // What lies wholly beyond the edge is not counted.
                if ((BLOCKS_M > 1 && row0 + bm * ROWS >= m) || (BLOCKS_N > 1 && column0 + bn * COLUMNS * WIDTH >= n))
                    continue;
                COUNT block[ROWS][COLUMNS];
                UNROLL
                for (int r = 0; r < ROWS; r++)
                    UNROLL
                    for (int s = 0; s < COLUMNS; s++)
                        block[r][s] = counts[bm][bn][r][s];
                for (int step = 0; step < steps; step++) {
                    WORD x[ROWS];
                    VECTOR y[COLUMNS];
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        x[r] = tile_a[step * STRIDE_A + bm * ROWS + r * THREADS_M + thread_m];
                    UNROLL
                    for (int s = 0; s < COLUMNS; s++)
                        y[s] = LOAD(tile_b + step * STRIDE_B + (bn * COLUMNS + s * THREADS_N + thread_n) * WIDTH);
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            block[r][s] += POPCOUNT((VECTOR)(x[r]) ^ y[s]);
                }
                UNROLL
                for (int r = 0; r < ROWS; r++)
                    UNROLL
                    for (int s = 0; s < COLUMNS; s++)
                        counts[bm][bn][r][s] = block[r][s];
            }
    }

    c += c0 + row0 * c_stride + column0;
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++) {
                int i = bm * ROWS + r * THREADS_M + thread_m;
                UNROLL
                for (int s = 0; s < COLUMNS; s++) {
                    WORD values[WIDTH];
                    STORE(counts[bm][bn][r][s], values);
                    for (int w = 0; w < WIDTH; w++) {
                        int j = (bn * COLUMNS + s * THREADS_N + thread_n) * WIDTH + w;
                        if (row0 + i < m && column0 + j < n)
                            c[i * c_stride + j] = (REAL)alpha * (REAL)(k - 2 * (INDEX)values[w]);
                    }
                }
            }
}
