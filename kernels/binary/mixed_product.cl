// C = alpha·op(X)·Bᵀ + beta·C for real X and signs B.
//
// As in dense/gemm.cl, a group computes a tile of C of TILE_M × TILE_N, k in steps of TILE_K; each thread multiplies ROWS × COLUMNS
// of the tile in registers; a processor's groups have one thread, which goes over all blocks of the tile, with columns that are
// vectors. The signs become 1 and -1 when they come to local memory, once for all rows of the tile: a fused multiply-add by them
// rounds like the sum or difference, and is one instruction where flipping a sign bit and adding are two. k may be dealt to several
// groups, whose sums gemm_finish adds in order.

#ifndef TRANSPOSE
#define TRANSPOSE 0
#endif
#ifndef TILE_M
#define TILE_M 128
#endif
#ifndef TILE_N
#define TILE_N 128
#endif
// A divisor of a word's bits: what is brought at once of a row of signs lies in one word.
#ifndef TILE_K
#define TILE_K 16
#endif
#ifndef ROWS
#define ROWS 8
#endif
#ifndef COLUMNS
#define COLUMNS 8
#endif
// Threads along each side of the tile; TILE_N divides their number, or they are one.
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

#define GROUP_THREADS (THREADS_M * THREADS_N)
#define BLOCKS_M (TILE_M / (ROWS * THREADS_M))
#define BLOCKS_N (TILE_N / (COLUMNS * WIDTH * THREADS_N))
#define STRIDE_A (TILE_M + 4)
#define STRIDE_B (TILE_N + 4)
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

#if GROUP_THREADS > 1
// What a thread brings: elements of X, adjacent in memory to those of the next thread, and some steps of one row of signs.
#define ELEMENTS_A (TILE_M * TILE_K / GROUP_THREADS)
#define ELEMENTS_B (TILE_N * TILE_K / GROUP_THREADS)
#define ROW_OF(e) (TRANSPOSE ? (e) % TILE_M : (e) / TILE_K)
#define STEP_OF(e) (TRANSPOSE ? (e) / TILE_M : (e) % TILE_K)
#define SIGN_ROW (THREAD(0) % TILE_N)
#define SIGN_STEP(l) (THREAD(0) / TILE_N + (l) * (GROUP_THREADS / TILE_N))

#define FETCH(step0) \
    do { \
        UNROLL \
        for (int l = 0; l < ELEMENTS_A; l++) { \
            int e = THREAD(0) + l * GROUP_THREADS; \
            INDEX i = row0 + ROW_OF(e), step = (step0) + STEP_OF(e); \
            next_a[l] = i < m && step < k ? x[TRANSPOSE ? step * x_stride + i : i * x_stride + step] : 0; \
        } \
        next_b = column0 + SIGN_ROW < n ? signs[(column0 + SIGN_ROW) * signs_stride + (step0) / WORD_BITS] : 0; \
    } while (0)

#define PUT(step0) \
    do { \
        UNROLL \
        for (int l = 0; l < ELEMENTS_A; l++) { \
            int e = THREAD(0) + l * GROUP_THREADS; \
            tile_a[STEP_OF(e) * STRIDE_A + ROW_OF(e)] = next_a[l]; \
        } \
        UNROLL \
        for (int l = 0; l < ELEMENTS_B; l++) \
            tile_b[SIGN_STEP(l) * STRIDE_B + SIGN_ROW] = SIGN_OF(next_b, (step0) % WORD_BITS + SIGN_STEP(l)); \
    } while (0)
#else
// tile[step][i] = element (i, step) of op(X), 0 for the i beyond the extent; by one thread.
FUNCTION void put_reals(LOCAL REAL* tile, GLOBAL const REAL* x, INDEX stride, INDEX extent, int steps)
{
    int count = extent < TILE_M ? (int)extent : TILE_M;
    if (TRANSPOSE)
        for (int step = 0; step < steps; step++)
            for (int i = 0; i < count; i++)
                tile[step * STRIDE_A + i] = x[step * stride + i];
    else
        for (int i = 0; i < count; i++)
            for (int step = 0; step < steps; step++)
                tile[step * STRIDE_A + i] = x[i * stride + step];
    for (int step = 0; step < steps && count < TILE_M; step++)
        for (int i = count; i < TILE_M; i++)
            tile[step * STRIDE_A + i] = 0;
}

// tile[step][j] = sign (j, step), from bit `shift` of a word of each row on; by one thread.
FUNCTION void put_signs(LOCAL REAL* tile, GLOBAL const WORD* signs, INDEX stride, INDEX extent, int shift, int steps)
{
    WORD words[TILE_N];
    for (int j = 0; j < TILE_N; j++)
        words[j] = j < extent ? signs[j * stride] >> shift : 0;
    for (int step = 0; step < steps; step++)
        for (int j = 0; j < TILE_N; j++)
            tile[step * STRIDE_B + j] = SIGN_OF(words[j], step);
}
#endif

KERNEL(mixed_product)(INDEX m, INDEX n, INDEX k, GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride,
    GLOBAL const WORD* restrict signs, INDEX signs0, INDEX signs_stride, double alpha, double beta,
    GLOBAL REAL* restrict c, INDEX c0, INDEX c_stride, INDEX splits, GLOBAL REAL* restrict partial)
{
    LOCAL_ARRAY(REAL, tile_a, TILE_K * STRIDE_A);
    LOCAL_ARRAY(REAL, tile_b, TILE_K * STRIDE_B);
    int thread_n = THREAD(0) % THREADS_N, thread_m = THREAD(0) / THREADS_N;
    // The tiles of a row of C follow each other, so that they share X in the second-level cache.
    INDEX tiles_n = (n + TILE_N - 1) / TILE_N, tiles_k = (k + TILE_K - 1) / TILE_K;
    INDEX row0 = GROUP(0) / tiles_n * TILE_M, column0 = GROUP(0) % tiles_n * TILE_N;
    INDEX begin = tiles_k * GROUP(1) / splits * TILE_K, end = tiles_k * (GROUP(1) + 1) / splits * TILE_K;
    x += x0;
    signs += signs0;

    VECTOR sums[BLOCKS_M][BLOCKS_N][ROWS][COLUMNS];
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++)
                UNROLL
                for (int s = 0; s < COLUMNS; s++)
                    sums[bm][bn][r][s] = 0;

#if GROUP_THREADS > 1
    REAL next_a[ELEMENTS_A];
    WORD next_b;
    if (begin < end)
        FETCH(begin);
#endif
    for (INDEX step0 = begin; step0 < end; step0 += TILE_K) {
        BARRIER();
#if GROUP_THREADS > 1
        int steps = TILE_K;
        PUT(step0);
        BARRIER();
        if (step0 + TILE_K < end)
            FETCH(step0 + TILE_K);
#else
        int steps = k - step0 < TILE_K ? (int)(k - step0) : TILE_K;
        put_reals(tile_a, x + (TRANSPOSE ? step0 * x_stride + row0 : row0 * x_stride + step0), x_stride, m - row0, steps);
        put_signs(tile_b, signs + column0 * signs_stride + step0 / WORD_BITS, signs_stride, n - column0, step0 % WORD_BITS, steps);
#endif
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
#if GROUP_THREADS > 1
                UNROLL
#endif
                for (int step = 0; step < steps; step++) {
                    REAL left[ROWS];
                    VECTOR right[COLUMNS];
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        left[r] = tile_a[step * STRIDE_A + bm * ROWS + PLACE(thread_m, r, SPAN_M, THREADS_M)];
                    UNROLL
                    for (int s = 0; s < COLUMNS; s++)
                        right[s] = LOAD(tile_b + step * STRIDE_B + (bn * COLUMNS + PLACE(thread_n, s, SPAN_N, THREADS_N)) * WIDTH);
                    UNROLL
                    for (int r = 0; r < ROWS; r++)
                        UNROLL
                        for (int s = 0; s < COLUMNS; s++)
                            block[r][s] = fma((VECTOR)(left[r]), right[s], block[r][s]);
                }
                UNROLL
                for (int r = 0; r < ROWS; r++)
                    UNROLL
                    for (int s = 0; s < COLUMNS; s++)
                        sums[bm][bn][r][s] = block[r][s];
            }
    }

    c += c0;
    partial += GROUP(1) * m * n;
    for (int bm = 0; bm < BLOCKS_M; bm++)
        for (int bn = 0; bn < BLOCKS_N; bn++)
            UNROLL
            for (int r = 0; r < ROWS; r++) {
                INDEX i = row0 + bm * ROWS + PLACE(thread_m, r, SPAN_M, THREADS_M);
                UNROLL
                for (int s = 0; s < COLUMNS; s++) {
                    REAL values[WIDTH];
                    STORE(sums[bm][bn][r][s], values);
                    for (int w = 0; w < WIDTH; w++) {
                        INDEX j = column0 + (bn * COLUMNS + PLACE(thread_n, s, SPAN_N, THREADS_N)) * WIDTH + w;
                        if (i >= m || j >= n)
                            continue;
                        if (splits > 1)
                            partial[i * n + j] = values[w];
                        else {
                            REAL scaled = (REAL)alpha * values[w];
                            c[i * c_stride + j] = beta == 0 ? scaled : fma((REAL)beta, c[i * c_stride + j], scaled);
                        }
                    }
                }
            }
}
