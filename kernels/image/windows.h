// Windows on images whose channels lie together, and what all kernels over them go by: an element of the result for each turn.

#define WINDOWS_PARAMETERS \
    DIVISOR_PARAMETER(size), DIVISOR_PARAMETER(across), DIVISOR_PARAMETER(channels), DIVISOR_PARAMETER(step_y), DIVISOR_PARAMETER(step_x), \
    int height, int width, int out_height, int out_width, int kernel_height, int kernel_width, int top, int left, int bottom, int right
#define BEGIN_WINDOWS() \
    divisor by_size = DIVISOR(size), by_across = DIVISOR(across), by_channels = DIVISOR(channels); \
    divisor by_step_y = DIVISOR(step_y), by_step_x = DIVISOR(step_x)

// An element of a row of the result: its number there, its row and column among the windows or the places, and its channel.
typedef struct {
    INDEX image;
    int number, y, x, channel;
} element;

// Structs are filled through a pointer: oclgrind 21.10 does not know what a function that returns one becomes.
FUNCTION void find_element(element* at, INDEX e, divisor size, divisor across, divisor channels)
{
    at->image = quotient_of(e, size);
    at->number = (int)(e - at->image * size.by);
    int position = quotient(at->number, channels);
    at->channel = at->number - position * channels.by;
    at->y = quotient(position, across);
    at->x = position - at->y * across.by;
}

// Element number e of all, as `at`.
#define BEGIN_ELEMENT(e) \
    element at; \
    find_element(&at, e, by_size, by_across, by_channels)

// Along one side: a run of places, or of windows.
typedef struct {
    int begin, end;
} run;

// The places of a window that lie on the image; the first of it lies at `first` there.
FUNCTION void find_places(run* seen, int first, int reach, int extent)
{
    seen->begin = first < 0 ? -first : 0;
    seen->end = extent - first < reach ? extent - first : reach;
}

// The windows that see a place, which lies so far from the edge of the padding.
FUNCTION void find_windows(run* seeing, int place, int reach, divisor step, int windows)
{
    int last = quotient(place, step) + 1;
    seeing->begin = place < reach ? 0 : quotient(place - reach, step) + 1;
    seeing->end = last < windows ? last : windows;
}

// What the window sees that begins at (y_first, x_first), and what sees the place of an element.
#define BEGIN_PLACES() \
    int y_first = at.y * step_y - top, x_first = at.x * step_x - left; \
    run down, along; \
    find_places(&down, y_first, kernel_height, height); \
    find_places(&along, x_first, kernel_width, width)
#define BEGIN_SEEING() \
    run down, along; \
    find_windows(&down, at.y + top, kernel_height, by_step_y, out_height); \
    find_windows(&along, at.x + left, kernel_width, by_step_x, out_width)
