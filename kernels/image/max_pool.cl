#include "image/windows.h"

// y = the largest value that a window sees in a channel, routes = where in the window it is.
KERNEL(max_pool)(GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, int relu, GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride,
    GLOBAL REAL* restrict routes, INDEX routes0, INDEX routes_stride, INDEX elements, WINDOWS_PARAMETERS)
{
    BEGIN_WINDOWS();
    FOR_EACH(e, elements) {
        BEGIN_ELEMENT(e);
        BEGIN_PLACES();
        GLOBAL const REAL* image = x + x0 + at.image * x_stride + at.channel;
        REAL best = 0;
        int route = -1;
        for (int i = down.begin; i < down.end; i++)
            for (int j = along.begin; j < along.end; j++) {
                REAL value = image[((y_first + i) * width + x_first + j) * channels];
                // What is not a number is larger than all.
                if (route < 0 || value > best || value != value) {
                    best = value;
                    route = i * kernel_width + j;
                }
            }
        y[y0 + at.image * y_stride + at.number] = relu && best < 0 ? 0 : best;
        routes[routes0 + at.image * routes_stride + at.number] = route;
    }
}

// y = x at the end of the route, which several images share: those in all rows with one remainder by `images`.
KERNEL(take_routes)(GLOBAL const REAL* restrict x, INDEX x0, INDEX x_stride, GLOBAL const REAL* restrict routes, INDEX routes0,
    INDEX routes_stride, DIVISOR_PARAMETER(images), GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride, INDEX elements, WINDOWS_PARAMETERS)
{
    BEGIN_WINDOWS();
    divisor by_images = DIVISOR(images);
    FOR_EACH(e, elements) {
        BEGIN_ELEMENT(e);
        int route = (int)routes[routes0 + (at.image - quotient_of(at.image, by_images) * images) * routes_stride + at.number];
        int i = at.y * step_y - top + route / kernel_width, j = at.x * step_x - left + route % kernel_width;
        y[y0 + at.image * y_stride + at.number] = x[x0 + at.image * x_stride + (i * width + j) * channels + at.channel];
    }
}

// x = beta·x + the sum of y over the routes that end here, window by window.
KERNEL(follow_routes)(GLOBAL const REAL* restrict y, INDEX y0, INDEX y_stride, GLOBAL const REAL* restrict routes, INDEX routes0,
    INDEX routes_stride, DIVISOR_PARAMETER(images), double beta, GLOBAL REAL* restrict x, INDEX x0, INDEX x_stride, INDEX elements, WINDOWS_PARAMETERS)
{
    BEGIN_WINDOWS();
    divisor by_images = DIVISOR(images);
    FOR_EACH(e, elements) {
        BEGIN_ELEMENT(e);
        BEGIN_SEEING();
        GLOBAL const REAL* image = y + y0 + at.image * y_stride + at.channel;
        GLOBAL const REAL* route = routes + routes0 + (at.image - quotient_of(at.image, by_images) * images) * routes_stride + at.channel;
        double sum = 0;
        for (int i = down.begin; i < down.end; i++)
            for (int j = along.begin; j < along.end; j++) {
                int window = (i * out_width + j) * channels;
                int here = (at.y + top - i * step_y) * kernel_width + (at.x + left - j * step_x);
                if (route[window] == here)
                    sum += image[window];
            }
        GLOBAL REAL* result = x + x0 + at.image * x_stride + at.number;
        *result = (REAL)(beta == 0 ? sum : sum + beta * *result);
    }
}
