// What every kernel may count on, in both dialects. REAL is float or double.

// Threads of a group, which shares memory by this number. A processor's groups are of one.
#ifndef GROUP_SIZE
#define GROUP_SIZE 256
#endif
// Threads that share a row of a matrix, a power of two.
#ifndef ROW_THREADS
#define ROW_THREADS 1
#endif

// Elements 0 … n − 1, each group a run of them, its threads in turns: adjacent threads read adjacent elements, and a group of
// one thread, as suits a processor, reads its run in order.
#define FOR_EACH(i, n) \
    for (INDEX i = first_of_group(n) + THREAD(0), i##_end = end_of_group(n); i < i##_end; i += THREADS(0))

FUNCTION INDEX length_of_group(INDEX n) { return (n + GROUPS(0) - 1) / GROUPS(0); }
FUNCTION INDEX first_of_group(INDEX n) { return GROUP(0) * length_of_group(n); }
FUNCTION INDEX end_of_group(INDEX n)
{
    INDEX end = first_of_group(n) + length_of_group(n);
    return end < n ? end : n;
}

FUNCTION REAL multiply_add(REAL a, REAL b, REAL c) { return fma(a, b, c); }

// Rows 0 … rows − 1, each group a run of them. All threads of a group make the same number of turns, so that they can meet at
// barriers; where a turn has no row for a thread, FOR_EACH_COLUMN has no column for it.
#define FOR_EACH_ROW(row, rows) \
    for (INDEX row##_block = first_of_group(rows), row##_end = end_of_group(rows), row = row##_block + THREAD(0) / ROW_THREADS; \
         row##_block < row##_end; row##_block += THREADS(0) / ROW_THREADS, row += THREADS(0) / ROW_THREADS)
#define IS_ROW(row) (row < row##_end)
#define FOR_EACH_COLUMN(column, columns, row) \
    for (INDEX column = IS_ROW(row) ? first_of_row() : columns; column < columns; column += ROW_THREADS)
// Whether this thread is the one that writes what a row has once.
#define IS_FIRST_OF_ROW(row) (IS_ROW(row) && first_of_row() == 0)

FUNCTION int first_of_row() { return THREAD(0) & (ROW_THREADS - 1); }

// What COMBINE makes of the values of each `width` neighbouring threads, in an order that depends on their number alone. All
// threads of the group call it, and each has the result. The width is a power of two.
#define REDUCTION(name, COMBINE) \
    FUNCTION double name(double value, int width, LOCAL double* work) \
    { \
        int thread = THREAD(0), place = thread & (width - 1); \
        if (width == 1) \
            return value; \
        BARRIER(); \
        work[thread] = value; \
        for (int reach = width / 2; reach > 0; reach /= 2) { \
            BARRIER(); \
            if (place < reach) \
                work[thread] = COMBINE(work[thread], work[thread + reach]); \
        } \
        BARRIER(); \
        return work[thread - place]; \
    }
#define SUM(a, b) ((a) + (b))
#define LARGER(a, b) ((b) > (a) ? (b) : (a))
REDUCTION(sum_of_threads, SUM)
REDUCTION(largest_of_threads, LARGER)

FUNCTION double sum_of_group(double value, LOCAL double* work) { return sum_of_threads(value, THREADS(0), work); }
FUNCTION double sum_of_row(double value, LOCAL double* work) { return sum_of_threads(value, ROW_THREADS, work); }
FUNCTION double largest_of_row(double value, LOCAL double* work) { return largest_of_threads(value, ROW_THREADS, work); }

// A word of a matrix of signs: bit 1 is +1, bit 0 is -1.
#define WORD_BITS 64
#define SIGN_OF(word, bit) ((word) >> (bit) & 1 ? (REAL)1 : (REAL)-1)

// A divisor that the host knows, as parameters and as a value; quotients by it are a product and a shift. Divisor.cs makes it.
typedef struct {
    int by, shift;
    UINT factor;
} divisor;
#define DIVISOR_PARAMETER(name) int name, WORD name##_inverse
#define DIVISOR(name) { name, (int)(name##_inverse >> 32), (UINT)name##_inverse }

// n / d for n ≥ 0.
FUNCTION int quotient(int n, divisor d) { return (int)(HIGH_PRODUCT((UINT)n * 2, d.factor) >> d.shift); }
FUNCTION INDEX quotient_of(INDEX n, divisor d) { return n < 0x7fffffff ? quotient((int)n, d) : n / d.by; }
