// An operand that is read from images, of which it makes no copy. Row (n, y, x) is window (y, x) of image n, column (i, j, c) what it sees
// at (i, j) in channel c. With BACK, row (n, y, x) is place (y, x) of image n, column (i, j, c) the value in channel c of the window that sees
// it at (i, j). What is not there is 0. Channels lie together, so that adjacent columns are adjacent in memory.

#ifndef BACK
#define BACK 0
#endif

// The images that are read, height × width × channels each, and rows of the operand: `positions` of an image, of which a row of it has
// `across`. With BACK the images are those of windows, and positions are places.
typedef struct {
    GLOBAL const ELEMENT* first;
    INDEX stride;
    int height, width, top, left;
    divisor positions, across, channels, kernel_width, step_y, step_x;
} patches;

#define patches_SHARED \
    int image_height, int image_width, int padding_top, int padding_left, DIVISOR_PARAMETER(positions), DIVISOR_PARAMETER(across), \
    DIVISOR_PARAMETER(channels), DIVISOR_PARAMETER(kernel_width), DIVISOR_PARAMETER(step_y), DIVISOR_PARAMETER(step_x),
#define patches_PARAMETERS(x) dense_PARAMETERS(x)
#define patches_OPERAND(x, member) \
    { \
        x + x##0 + (member) * x##_step, x##_stride, image_height, image_width, padding_top, padding_left, \
        DIVISOR(positions), DIVISOR(across), DIVISOR(channels), DIVISOR(kernel_width), DIVISOR(step_y), DIVISOR(step_x) \
    }

// Structs are filled through a pointer: oclgrind 21.10 does not know what a function that returns one becomes.

// Where a row's image begins, and where on it the row's window does; with BACK, the row's place from the edge of the padding.
typedef struct {
    INDEX image;
    int y, x;
} patches_row;

FUNCTION void patches_find_row(patches_row* at, patches p, INDEX row)
{
    int image = quotient((int)row, p.positions), position = (int)row - image * p.positions.by;
    int y = quotient(position, p.across), x = position - y * p.across.by;
    at->image = image * p.stride;
    at->y = BACK ? y + p.top : y * p.step_y.by - p.top;
    at->x = BACK ? x + p.left : x * p.step_x.by - p.left;
}

// A column: where in the window, and in which channel.
typedef struct {
    int i, j, channel;
} patches_column;

FUNCTION void patches_find_column(patches_column* at, patches p, INDEX column)
{
    int place = quotient((int)column, p.channels);
    at->i = quotient(place, p.kernel_width);
    at->j = place - at->i * p.kernel_width.by;
    at->channel = (int)column - place * p.channels.by;
}

// Where the element lies, from the first one; negative where there is none.
FUNCTION INDEX patches_at(patches p, patches_row row, patches_column column)
{
#if BACK
    int down = row.y - column.i, right = row.x - column.j;
    if (down < 0 || right < 0)
        return -1;
    int y = quotient(down, p.step_y), x = quotient(right, p.step_x);
    bool is_seen = y * p.step_y.by == down && x * p.step_x.by == right && y < p.height && x < p.width;
#else
    int y = row.y + column.i, x = row.x + column.j;
    bool is_seen = (UINT)y < (UINT)p.height && (UINT)x < (UINT)p.width;
#endif
    return is_seen ? row.image + ((y * p.width + x) * p.channels.by + column.channel) : -1;
}

// What a thread of several holds of a tile is what it holds of a matrix; by_step says whether steps of k are rows or columns.
typedef ELEMENT patches_held;
#define patches_HELD(size) dense_HELD(size)
#define patches_put dense_put

FUNCTION void patches_fetch(
    patches_held* held, patches x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, INDEX steps)
{
    patches_column column;
    UNROLL
    for (int l = 0; l < patches_HELD(size); l++) {
        int e = THREAD(0) + l * GROUP_THREADS;
        INDEX place = place0 + PLACE_OF(e, size, by_step), step = step0 + STEP_OF(e, size, by_step);
        // Where the threads go over whole rows of the tile, all that one of them holds is of one column.
        if (l == 0 || GROUP_THREADS % (by_step ? size : TILE_K) != 0)
            patches_find_column(&column, x, by_step ? place : step);
        patches_row row;
        patches_find_row(&row, x, by_step ? step : place);
        INDEX from = place < places && step < steps ? patches_at(x, row, column) : -1;
        held[l] = from < 0 ? 0 : CONSTANT_AT(x.first + from);
    }
}

FUNCTION void patches_bring(
    LOCAL ELEMENT* tile, int tile_stride, patches x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, int steps)
{
    int count = places - place0 < size ? (int)(places - place0) : size;
    INDEX row0 = by_step ? step0 : place0, column0 = by_step ? place0 : step0;
    int rows = by_step ? steps : count, columns = by_step ? count : steps;
    int down = by_step ? tile_stride : 1, across = by_step ? 1 : tile_stride;
    for (int r = 0; r < rows; r++) {
        patches_row row;
        patches_column column;
        patches_find_row(&row, x, row0 + r);
        patches_find_column(&column, x, column0);
        // Channels of one place of the window lie together.
        for (int c = 0; c < columns;) {
            int left = x.channels.by - column.channel, run = left < columns - c ? left : columns - c;
            INDEX from = patches_at(x, row, column);
            LOCAL ELEMENT* to = tile + r * down + c * across;
            if (from < 0)
                for (int l = 0; l < run; l++)
                    to[l * across] = 0;
            else
                for (int l = 0; l < run; l++)
                    to[l * across] = x.first[from + l];
            c += run;
            column.channel = 0;
            column.j++;
            if (column.j == x.kernel_width.by) {
                column.j = 0;
                column.i++;
            }
        }
    }
    for (int step = 0; step < steps && count < size; step++)
        for (int i = count; i < size; i++)
            tile[step * tile_stride + i] = 0;
}

#ifdef UNIT
// UNIT elements are of one place of the window: where UNIT is not 1, it divides the channels.
FUNCTION void patches_copy(
    LOCAL ELEMENT* tile, int tile_stride, patches x, bool by_step, int size, INDEX place0, INDEX places, INDEX step0, INDEX steps)
{
    int height = by_step ? TILE_K : size, units = (by_step ? size : TILE_K) / UNIT;
    INDEX row0 = by_step ? step0 : place0, rows = by_step ? steps : places;
    INDEX column0 = by_step ? place0 : step0, columns = by_step ? places : steps;
    patches_column column;
    UNROLL
    for (int l = 0; l < (height * units + GROUP_THREADS - 1) / GROUP_THREADS; l++) {
        int e = l * GROUP_THREADS + THREAD(0);
        if (e >= height * units)
            break;
        INDEX i = e / units, j = e % units * UNIT;
        if (l == 0 || GROUP_THREADS % units != 0)
            patches_find_column(&column, x, column0 + j);
        patches_row row;
        patches_find_row(&row, x, row0 + i);
        INDEX from = row0 + i < rows && column0 + j < columns ? patches_at(x, row, column) : -1;
        copy_later(tile + i * tile_stride + j, x.first + (from < 0 ? 0 : from), UNIT * (int)sizeof(ELEMENT),
            from < 0 ? 0 : UNIT * (int)sizeof(ELEMENT));
    }
}
#endif
