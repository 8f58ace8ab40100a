// z_i = f(s, x_i, y_i) for each element-wise operation of src/Quotient/Backends/Elements.cs, whose lines have f as an expression of s, x
// and y: a kernel each, of the operation's name.

// Whether z is x, or y: what may be the same is then known to the compiler, as is that nothing else is.
#ifndef OVER_X
#define OVER_X 0
#endif
#ifndef OVER_Y
#define OVER_Y 0
#endif
// Whether x is shorter than z, and goes with it several times.
#ifndef TILED
#define TILED 0
#endif

#define ELEMENT_OP(name, value) \
    KERNEL(name)(double scalar, GLOBAL const REAL* restrict xs, INDEX x0, INDEX period, \
        GLOBAL const REAL* restrict ys, INDEX y0, GLOBAL REAL* restrict zs, INDEX z0, INDEX n) \
    { \
        REAL s = (REAL)scalar; \
        FOR_EACH(i, n) { \
            REAL x = OVER_X ? zs[z0 + i] : xs[x0 + (TILED ? i % period : i)]; \
            REAL y = OVER_Y ? zs[z0 + i] : ys[y0 + i]; \
            zs[z0 + i] = value; \
        } \
    }

#include "vector/elements.h"
