// bits = the signs of op(X) against a threshold, 64 to a word. A group packs a word each of 64 rows. What lies next to each other
// in memory is read by adjacent threads: with X transposed, that is what they pack; else a tile in local memory turns it.

#ifndef TRANSPOSE
#define TRANSPOSE 0
#endif
#define TILE_ROWS 64
#define ROWS_OF_THREAD (TILE_ROWS / GROUP_SIZE)
#define USES_TILE (!TRANSPOSE && GROUP_SIZE > 1)
// Bytes between rows of the tile: threads that read different rows use different banks.
#define TILE_STRIDE (WORD_BITS + 4)

KERNEL(pack_signs)(GLOBAL const REAL* restrict x, INDEX x0, INDEX stride, double threshold,
    GLOBAL WORD* restrict bits, INDEX bits0, INDEX bits_stride, INDEX rows, INDEX columns)
{
#if USES_TILE
    LOCAL_ARRAY(char, tile, TILE_ROWS * TILE_STRIDE);
#endif
    INDEX row0 = GROUP(0) * TILE_ROWS, column0 = GROUP(1) * WORD_BITS;
    int height = rows - row0 < TILE_ROWS ? (int)(rows - row0) : TILE_ROWS;
    int width = columns - column0 < WORD_BITS ? (int)(columns - column0) : WORD_BITS;
    REAL least = (REAL)threshold;
    WORD words[ROWS_OF_THREAD];
    for (int l = 0; l < ROWS_OF_THREAD; l++)
        words[l] = 0;

#if USES_TILE
    x += x0 + row0 * stride + column0;
    for (int e = THREAD(0); e < height * WORD_BITS; e += GROUP_SIZE) {
        int row = e / WORD_BITS, bit = e % WORD_BITS;
        if (bit < width)
            tile[row * TILE_STRIDE + bit] = x[row * stride + bit] >= least;
    }
    BARRIER();
    if (THREAD(0) < height)
        for (int bit = 0; bit < width; bit++)
            words[0] |= (WORD)tile[THREAD(0) * TILE_STRIDE + bit] << bit;
#elif TRANSPOSE
    x += x0 + column0 * stride + row0;
    for (int bit = 0; bit < width; bit++)
        for (int l = 0; l < ROWS_OF_THREAD && THREAD(0) + l * GROUP_SIZE < height; l++)
            words[l] |= (WORD)(x[bit * stride + THREAD(0) + l * GROUP_SIZE] >= least) << bit;
#else
    x += x0 + row0 * stride + column0;
    for (int l = 0; l < height; l++)
        for (int bit = 0; bit < width; bit++)
            words[l] |= (WORD)(x[l * stride + bit] >= least) << bit;
#endif

    for (int l = 0; l < ROWS_OF_THREAD; l++) {
        int row = THREAD(0) + l * GROUP_SIZE;
        if (row < height)
            bits[bits0 + (row0 + row) * bits_stride + GROUP(1)] = words[l];
    }
}
