// An operand that is a matrix of signs, whose steps of k are bits of its rows, for a product with numbers. The signs become 1 and -1
// in the tile, once for all that they meet: a fused multiply-add by them rounds like the sum or difference, and is one instruction
// where flipping a sign bit and adding are two. TILE_K divides a word's bits, so that one word of a row has all that a tile needs;
// what lies beyond the last step is to meet zeros. Signs lie by rows alone, and the size of a tile divides its threads.

typedef struct {
    GLOBAL const WORD* first;
    INDEX stride;
} signs;

#define signs_SHARED
#define signs_PARAMETERS(x) GLOBAL const WORD* restrict x, INDEX x##0, INDEX x##_stride, INDEX x##_step
#define signs_OPERAND(x, member) { x + x##0 + (member) * x##_step, x##_stride }

// What a thread of several holds of a tile: a word of one row.
typedef WORD signs_held;
#define signs_HELD(size) 1

FUNCTION void signs_fetch(
    signs_held* held, signs x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, INDEX steps)
{
    INDEX place = place0 + THREAD(0) % size;
    held[0] = place < places ? CONSTANT_AT(x.first + place * x.stride + step0 / WORD_BITS) : 0;
}

FUNCTION void signs_put(LOCAL REAL* tile, int tile_stride, const signs_held* held, bool by_step, int size, INDEX step0)
{
    UNROLL
    for (int l = 0; l < size * TILE_K / GROUP_THREADS; l++) {
        int step = THREAD(0) / size + l * (GROUP_THREADS / size);
        tile[step * tile_stride + THREAD(0) % size] = SIGN_OF(held[0], step0 % WORD_BITS + step);
    }
}

FUNCTION void signs_bring(
    LOCAL REAL* tile, int tile_stride, signs x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, int steps)
{
    WORD words[TILE_M > TILE_N ? TILE_M : TILE_N];
    for (int i = 0; i < size; i++)
        words[i] = place0 + i < places ? x.first[(place0 + i) * x.stride + step0 / WORD_BITS] >> step0 % WORD_BITS : 0;
    for (int step = 0; step < steps; step++)
        for (int i = 0; i < size; i++)
            tile[step * tile_stride + i] = SIGN_OF(words[i], step);
}
