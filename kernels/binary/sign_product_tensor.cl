// C = alpha·A·Bᵀ for matrices of signs, counted on tensor cores. These count bits of `and`, and
// k - 2·|a xor b| = k - 2·|a| - 2·|b| + 4·|a and b|, where |·| counts the bits of a row, which count_signs has left.
//
// A group's WARPS_M × WARPS_N warps share a tile of C; STAGES tiles of the factors are in flight to local memory, as they are stored,
// by copies that no thread waits for.

#ifndef TILE_M
#define TILE_M 128
#endif
#ifndef TILE_N
#define TILE_N 128
#endif
// Words of a row, a multiple of the four that a tensor core takes.
#ifndef TILE_K
#define TILE_K 8
#endif
#ifndef WARPS_M
#define WARPS_M 2
#endif
#ifndef WARPS_N
#define WARPS_N 4
#endif
#ifndef STAGES
#define STAGES 3
#endif

#define GROUP_THREADS (32 * WARPS_M * WARPS_N)
#define BLOCKS_M (TILE_M / WARPS_M / 16)
#define BLOCKS_N (TILE_N / WARPS_N / 8)
#define WORDS_OF_STEP 4
// Two words more than the tile's: the rows of a warp's loads fall into different banks.
#define STRIDE (TILE_K + 2)
#define SIZE ((TILE_M + TILE_N) * STRIDE)

// The 32 bits number t, and half a step on, of a row from some step of the tile on.
#define HALF_WORD(tile, row, step, t) ((LOCAL const UINT*)((tile) + (row) * STRIDE + (step) * WORDS_OF_STEP))[t]

// tile ← TILE_K words of each of `size` rows, 0 beyond the edges.
FUNCTION void fetch(LOCAL WORD* tile, int size, GLOBAL const WORD* bits, INDEX stride, INDEX rows, INDEX words)
{
    UNROLL
    for (int l = 0; l < (size * TILE_K + GROUP_THREADS - 1) / GROUP_THREADS; l++) {
        int e = l * GROUP_THREADS + THREAD(0), row = e / TILE_K, word = e % TILE_K;
        if (row >= size)
            break;
        bool exists = row < rows && word < words;
        copy_word_later(tile + row * STRIDE + word, bits + (exists ? row * stride + word : 0), exists);
    }
}

// Tile number `coming` to its place in local memory, if there is such a tile.
#define BRING(coming) \
    do { \
        if ((coming) < tiles) { \
            LOCAL WORD* slot = slots + (coming) % STAGES * SIZE; \
            INDEX word0 = (coming) * TILE_K; \
            fetch(slot, TILE_M, a + word0, a_stride, m - row0, words - word0); \
            fetch(slot + TILE_M * STRIDE, TILE_N, b + word0, b_stride, n - column0, words - word0); \
        } \
        COPIES_QUEUED(); \
    } while (0)

KERNEL(sign_product_tensor)(INDEX m, INDEX n, INDEX k, double alpha, GLOBAL const WORD* restrict a, INDEX a0, INDEX a_stride,
    GLOBAL const WORD* restrict b, INDEX b0, INDEX b_stride, GLOBAL const int* restrict counts,
    GLOBAL REAL* restrict c, INDEX c0, INDEX c_stride SHARED(WORD, slots))
{
    SHARED_ARRAY(WORD, slots)
    COUNT_SCRATCH;
    int warp = THREAD(0) / 32, lane = THREAD(0) % 32, g = lane / 4, t4 = lane % 4;
    int warp_row = warp / WARPS_N * (TILE_M / WARPS_M), warp_column = warp % WARPS_N * (TILE_N / WARPS_N);
    INDEX tiles_n = (n + TILE_N - 1) / TILE_N, words = (k + WORD_BITS - 1) / WORD_BITS, tiles = (words + TILE_K - 1) / TILE_K;
    INDEX row0 = GROUP(0) / tiles_n * TILE_M, column0 = GROUP(0) % tiles_n * TILE_N;
    a += a0 + row0 * a_stride;
    b += b0 + column0 * b_stride;

    int both[BLOCKS_M][BLOCKS_N][4];
    UNROLL
    for (int i = 0; i < BLOCKS_M; i++)
        UNROLL
        for (int j = 0; j < BLOCKS_N; j++)
            UNROLL
            for (int l = 0; l < 4; l++)
                both[i][j][l] = 0;

    for (INDEX t = 0; t < STAGES - 1; t++)
        BRING(t);
    for (INDEX t = 0; t < tiles; t++) {
        // This tile has come, and all threads are done with the one before, whose place the next one takes.
        COPIES_DONE_BUT(STAGES - 2);
        BARRIER();
        BRING(t + STAGES - 1);

        LOCAL const WORD* left = slots + t % STAGES * SIZE + warp_row * STRIDE;
        LOCAL const WORD* right = slots + t % STAGES * SIZE + (TILE_M + warp_column) * STRIDE;
        UNROLL
        for (int step = 0; step < TILE_K / WORDS_OF_STEP; step++) {
            UINT y[BLOCKS_N][2];
            UNROLL
            for (int j = 0; j < BLOCKS_N; j++)
                UNROLL
                for (int l = 0; l < 2; l++)
                    y[j][l] = HALF_WORD(right, j * 8 + g, step, t4 + l * 4);
            UNROLL
            for (int i = 0; i < BLOCKS_M; i++) {
                UINT x[4];
                UNROLL
                for (int l = 0; l < 4; l++)
                    x[l] = HALF_WORD(left, i * 16 + g + l % 2 * 8, step, t4 + l / 2 * 4);
                UNROLL
                for (int j = 0; j < BLOCKS_N; j++)
                    COUNT_TENSOR(both[i][j], x, y[j]);
            }
        }
    }

    c += c0;
    UNROLL
    for (int i = 0; i < BLOCKS_M; i++)
        UNROLL
        for (int j = 0; j < BLOCKS_N; j++)
            UNROLL
            for (int l = 0; l < 4; l++) {
                INDEX row = row0 + warp_row + i * 16 + g + l / 2 * 8, column = column0 + warp_column + j * 8 + t4 * 2 + l % 2;
                if (row < m && column < n)
                    c[row * c_stride + column] =
                        (REAL)alpha * (REAL)(k - 2 * ((INDEX)counts[row] + counts[m + column]) + 4 * (INDEX)both[i][j][l]);
            }
}
