// An operand that lies in memory as a matrix of elements: of numbers, or of the words of a matrix of signs.

typedef struct {
    GLOBAL const ELEMENT* first;
    INDEX stride;
} dense;

#define dense_SHARED
#define dense_PARAMETERS(x) GLOBAL const ELEMENT* restrict x, INDEX x##0, INDEX x##_stride, INDEX x##_step
#define dense_OPERAND(x, member) { x + x##0 + (member) * x##_step, x##_stride }

// What a thread of several holds of a tile.
typedef ELEMENT dense_held;
#define dense_HELD(size) ((size) * TILE_K / GROUP_THREADS)

// Which element of a tile is number e, so that adjacent threads read adjacent elements of memory.
#define PLACE_OF(e, size, by_step) ((by_step) ? (e) % (size) : (e) / TILE_K)
#define STEP_OF(e, size, by_step) ((by_step) ? (e) / (size) : (e) % TILE_K)

FUNCTION void dense_fetch(
    dense_held* held, dense x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, INDEX steps)
{
    UNROLL
    for (int l = 0; l < dense_HELD(size); l++) {
        int e = THREAD(0) + l * GROUP_THREADS;
        INDEX place = place0 + PLACE_OF(e, size, by_step), step = step0 + STEP_OF(e, size, by_step);
        held[l] = place < places && step < steps
            ? CONSTANT_AT(x.first + (by_step ? step * x.stride + place : place * x.stride + step)) : 0;
    }
}

FUNCTION void dense_put(LOCAL ELEMENT* tile, int tile_stride, const dense_held* held, bool by_step, int size, INDEX step0)
{
    UNROLL
    for (int l = 0; l < dense_HELD(size); l++) {
        int e = THREAD(0) + l * GROUP_THREADS;
        tile[STEP_OF(e, size, by_step) * tile_stride + PLACE_OF(e, size, by_step)] = held[l];
    }
}

FUNCTION void dense_bring(
    LOCAL ELEMENT* tile, int tile_stride, dense x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, int steps)
{
    int count = places - place0 < size ? (int)(places - place0) : size;
    GLOBAL const ELEMENT* from = x.first + (by_step ? step0 * x.stride + place0 : place0 * x.stride + step0);
    if (by_step)
        for (int step = 0; step < steps; step++)
            for (int i = 0; i < count; i++)
                tile[step * tile_stride + i] = from[step * x.stride + i];
    else
        for (int i = 0; i < count; i++)
            for (int step = 0; step < steps; step++)
                tile[step * tile_stride + i] = from[i * x.stride + step];
    for (int step = 0; step < steps && count < size; step++)
        for (int i = count; i < size; i++)
            tile[step * tile_stride + i] = 0;
}

#ifdef UNIT
// The same tile as it lies in memory, its rows tile_stride apart, by copies of UNIT elements that no thread waits for.
FUNCTION void dense_copy(
    LOCAL ELEMENT* tile, int tile_stride, dense x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, INDEX steps)
{
    int height = by_step ? TILE_K : size, units = (by_step ? size : TILE_K) / UNIT;
    INDEX row0 = by_step ? step0 : place0, rows = by_step ? steps : places;
    INDEX column0 = by_step ? place0 : step0, columns = by_step ? places : steps;
    UNROLL
    for (int l = 0; l < (height * units + GROUP_THREADS - 1) / GROUP_THREADS; l++) {
        int e = l * GROUP_THREADS + THREAD(0);
        if (e >= height * units)
            break;
        INDEX i = e / units, j = e % units * UNIT, left = row0 + i < rows ? columns - (column0 + j) : 0;
        int count = left >= UNIT ? UNIT : left > 0 ? (int)left : 0;
        copy_later(tile + i * tile_stride + j, x.first + (count > 0 ? (row0 + i) * x.stride + column0 + j : 0),
            UNIT * (int)sizeof(ELEMENT), count * (int)sizeof(ELEMENT));
    }
}
#endif
