// What the kernels for products share: op(A)·op(B), of tiles of TILE_M × TILE_N, where op(A) is m × k and op(B) is k × n.
//
// A product is put together from
// - two operands, by their kinds OPERAND_A and OPERAND_B; operands/<kind>.h says how one is read into a tile in local memory;
// - an arithmetic, below: what a tile's elements are, and what is added up for a pair of them;
// - an epilogue, below: what is done to an element of C before it is stored.

#ifndef OPERAND_A
#define OPERAND_A dense
#endif
#ifndef OPERAND_B
#define OPERAND_B dense
#endif
// Whether an operand lies in memory transposed.
#ifndef TRANSPOSE_A
#define TRANSPOSE_A 0
#endif
#ifndef TRANSPOSE_B
#define TRANSPOSE_B 0
#endif
// Whether a row of memory holds all rows, or columns, of C for one step of k; else it holds all steps for one of these.
#define BY_STEP_A TRANSPOSE_A
#define BY_STEP_B (!TRANSPOSE_B)

// Whether both operands are words of signs, of which differing bits are counted.
#ifndef COUNTS
#define COUNTS 0
#endif

// The group's tile of C, and the steps of k that it takes at once.
#ifndef TILE_M
#define TILE_M 128
#endif
#ifndef TILE_N
#define TILE_N 128
#endif
#ifndef TILE_K
#define TILE_K 16
#endif
// Tiles in a column of C that are worked on together, so that they share B in the second-level cache.
#ifndef BAND
#define BAND 8
#endif

#define JOIN(a, b) a##b
#define EXPAND(a, b) JOIN(a, b)
// Part `part` of an operand's kind: dense_fetch for OF_A(_fetch).
#define OF_A(part) EXPAND(OPERAND_A, part)
#define OF_B(part) EXPAND(OPERAND_B, part)

// ---- arithmetic ----------------------------------------------------------------------------------------------------------------
// ELEMENT of a tile; STEPS of k for a number of columns; VALUE of a sum, as a real.
#if COUNTS
#define ELEMENT WORD
#define ELEMENT_NAME ulong
#define STEPS(k) (((k) + WORD_BITS - 1) / WORD_BITS)
#else
#define ELEMENT REAL
#define ELEMENT_NAME REAL
#define STEPS(k) (k)
#endif

#include "product/operands/*.h"
#include "product/epilogue.h"

// A second pair, A2·B2, is added where k2 > 0. A step leads to the next member of the batch. Where splits > 1, the group's sums go
// to partial, and finish_product does the rest. What all operands of a kind share comes before them.
#define PRODUCT_PARAMETERS \
    INDEX m, INDEX n, INDEX k, INDEX k2, OF_A(_SHARED) OF_B(_SHARED) \
    OF_A(_PARAMETERS)(a), OF_B(_PARAMETERS)(b), OF_A(_PARAMETERS)(a2), OF_B(_PARAMETERS)(b2), \
    RESULT_PARAMETERS, INDEX splits, GLOBAL REAL* restrict partial

// What a group begins with: the first row and column of its tile, in bands of BAND rows of tiles, a band column by column; its
// member of the batch, and its operands; and its share of the steps of k, from tile `begin` to before tile `end`. Tiles from number
// tiles_k on are of the second pair.
#define BEGIN_PRODUCT() \
    INDEX tiles_m = (m + TILE_M - 1) / TILE_M, tiles_n = (n + TILE_N - 1) / TILE_N; \
    INDEX band = GROUP(0) / (BAND * tiles_n), place = GROUP(0) % (BAND * tiles_n); \
    INDEX height = tiles_m - band * BAND < BAND ? tiles_m - band * BAND : BAND; \
    INDEX row0 = (band * BAND + place % height) * TILE_M, column0 = place / height * TILE_N; \
    INDEX member = GROUP(2) / splits, part = GROUP(2) % splits; \
    INDEX tiles_k = (STEPS(k) + TILE_K - 1) / TILE_K, all = tiles_k + (STEPS(k2) + TILE_K - 1) / TILE_K; \
    INDEX begin = all * part / splits, end = all * (part + 1) / splits; \
    OPERAND_A first_a = OF_A(_OPERAND)(a, member), second_a = OF_A(_OPERAND)(a2, member); \
    OPERAND_B first_b = OF_B(_OPERAND)(b, member), second_b = OF_B(_OPERAND)(b2, member)

// Of tile number t: its operands, the first of its steps, and how many steps its pair has. A conditional expression of operands would
// be of their addresses in CUDA, which takes what they hold out of registers.
#define BEGIN_TILE(t) \
    bool is_second = (t) >= tiles_k; \
    INDEX step0 = (is_second ? (t) - tiles_k : (t)) * TILE_K, depth = STEPS(is_second ? k2 : k); \
    OPERAND_A left = first_a; \
    OPERAND_B right = first_b; \
    if (is_second) { \
        left = second_a; \
        right = second_b; \
    }

// The result, and the sums of a part of k, move to the member; not before they are wanted, to leave registers to the product.
#define BEGIN_RESULT() \
    c += c0 + member * c_step; \
    partial += GROUP(2) * m * n

// Element (i, j) of the member's C from its sum; c and partial begin at the member.
#define STORE_SUM(sum, i, j) \
    do { \
        if (splits > 1) \
            partial[(i) * n + (j)] = (sum); \
        else \
            FINISH((i) * c_stride + (j), (sum), (i), (j)); \
    } while (0)
