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

FUNCTION element element_of(INDEX e, divisor size, divisor across, divisor channels)
{
    element at;
    at.image = quotient_of(e, size);
    at.number = (int)(e - at.image * size.by);
    int position = quotient(at.number, channels);
    at.channel = at.number - position * channels.by;
    at.y = quotient(position, across);
    at.x = position - at.y * across.by;
    return at;
}

#define ELEMENT_OF(e) element_of(e, by_size, by_across, by_channels)

// Along one side: a run of places, or of windows.
typedef struct {
    int begin, end;
} run;

// The places of a window that lie on the image; the first of it lies at `first` there.
FUNCTION run places_of(int first, int reach, int extent)
{
    run seen = { first < 0 ? -first : 0, extent - first < reach ? extent - first : reach };
    return seen;
}

// The windows that see a place, which lies so far from the edge of the padding.
FUNCTION run windows_of(int place, int reach, divisor step, int windows)
{
    int last = quotient(place, step) + 1;
    run seeing = { place < reach ? 0 : quotient(place - reach, step) + 1, last < windows ? last : windows };
    return seeing;
}
