// Y_n = X_n transposed + beta·Y_n, where X_n, row n of x, is a matrix of rows × columns.

// The side of a tile that a group turns in local memory, so that both reads and writes are of adjacent elements.
#ifndef TILE
#define TILE 32
#endif

#define TURN_PARAMETERS \
    GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, double beta, GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride
#define KEEP(value, at) (beta == 0 ? (value) : multiply_add((REAL)beta, at, value))

// GROUP(0) is a tile, and GROUP(1) an image of the first; the others follow in turns.
KERNEL(turn_tiles)(TURN_PARAMETERS, INDEX images, int rows, int columns)
{
    // One more than the tile spreads a column over the banks.
    LOCAL_ARRAY(REAL, tile, TILE * (TILE + 1));
    int tiles = (columns + TILE - 1) / TILE;
    int row0 = (int)GROUP(0) / tiles * TILE, column0 = (int)GROUP(0) % tiles * TILE;
    for (INDEX image = GROUP(1); image < images; image += GROUPS(1)) {
        BARRIER();
        for (int e = THREAD(0); e < TILE * TILE; e += THREADS(0)) {
            int i = e / TILE, j = e % TILE;
            if (row0 + i < rows && column0 + j < columns)
                tile[i * (TILE + 1) + j] = x[x0 + image * x_stride + (INDEX)(row0 + i) * columns + column0 + j];
        }
        BARRIER();
        for (int e = THREAD(0); e < TILE * TILE; e += THREADS(0)) {
            int i = e % TILE, j = e / TILE;
            if (row0 + i < rows && column0 + j < columns) {
                GLOBAL REAL* at = y + y0 + image * y_stride + (INDEX)(column0 + j) * rows + row0 + i;
                *at = KEEP(tile[i * (TILE + 1) + j], *at);
            }
        }
    }
}

// The same for matrices with a short side, element by element.
KERNEL(turn)(TURN_PARAMETERS, INDEX elements, DIVISOR_PARAMETER(size), DIVISOR_PARAMETER(rows), int columns)
{
    divisor by_size = DIVISOR(size), by_rows = DIVISOR(rows);
    FOR_EACH(e, elements) {
        INDEX image = quotient_of(e, by_size);
        int number = (int)(e - image * size), j = quotient(number, by_rows), i = number - j * rows;
        GLOBAL REAL* at = y + y0 + image * y_stride + number;
        *at = KEEP(x[x0 + image * x_stride + (INDEX)i * columns + j], *at);
    }
}
