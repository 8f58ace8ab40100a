#include "image/windows.h"

// What the mean of a window is of, along one side: places of the image, or with `padding` of the padding behind it too.
FUNCTION int count_of(int first, int reach, int extent, int counts_padding, int padding)
{
    run seen;
    find_places(&seen, first, reach, extent);
    int beyond = extent + padding - first;
    return counts_padding ? (beyond < reach ? beyond : reach) : seen.end - seen.begin;
}
#define COUNT_OF(y_first, x_first) \
    (count_of(y_first, kernel_height, height, counts_padding, bottom) * count_of(x_first, kernel_width, width, counts_padding, right))

// y = the mean of what a window sees in a channel.
KERNEL(average_pool)(GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, int counts_padding,
    GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride, INDEX elements, WINDOWS_PARAMETERS)
{
    BEGIN_WINDOWS();
    FOR_EACH(e, elements) {
        BEGIN_ELEMENT(e);
        BEGIN_PLACES();
        GLOBAL const REAL* image = x + x0 + at.image * x_stride + at.channel;
        double sum = 0;
        for (int i = down.begin; i < down.end; i++)
            for (int j = along.begin; j < along.end; j++)
                sum += image[((y_first + i) * width + x_first + j) * channels];
        y[y0 + at.image * y_stride + at.number] = (REAL)(sum / COUNT_OF(y_first, x_first));
    }
}

// x = beta·x + the shares that a place has in the means of the windows that see it.
KERNEL(average_pool_back)(GLOBAL const REAL* restrict y, INDEX y0, INDEX y_stride, int counts_padding, double beta,
    GLOBAL REAL* restrict x, INDEX x0, INDEX x_stride, INDEX elements, WINDOWS_PARAMETERS)
{
    BEGIN_WINDOWS();
    FOR_EACH(e, elements) {
        BEGIN_ELEMENT(e);
        BEGIN_SEEING();
        GLOBAL const REAL* image = y + y0 + at.image * y_stride + at.channel;
        double sum = 0;
        for (int i = down.begin; i < down.end; i++)
            for (int j = along.begin; j < along.end; j++)
                sum += image[(i * out_width + j) * channels] / (double)COUNT_OF(i * step_y - top, j * step_x - left);
        GLOBAL REAL* result = x + x0 + at.image * x_stride + at.number;
        *result = (REAL)(beta == 0 ? sum : sum + beta * *result);
    }
}
