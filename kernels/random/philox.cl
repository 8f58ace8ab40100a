// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw 2011), word for word as Backends/Philox.cs has it: key = seed,
// counter = (block, stream), low word first.

FUNCTION void philox(WORD seed, WORD stream, WORD block, UINT* words)
{
    UINT x = (UINT)block, y = (UINT)(block >> 32), z = (UINT)stream, w = (UINT)(stream >> 32);
    UINT key0 = (UINT)seed, key1 = (UINT)(seed >> 32);
    UNROLL for (int round = 0; round < 10; round++) {
        UINT high0 = HIGH_PRODUCT(0xD2511F53u, x), low0 = 0xD2511F53u * x;
        UINT high1 = HIGH_PRODUCT(0xCD9E8D57u, z), low1 = 0xCD9E8D57u * z;
        x = high1 ^ y ^ key0;
        y = low1;
        z = high0 ^ w ^ key1;
        w = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    words[0] = x;
    words[1] = y;
    words[2] = z;
    words[3] = w;
}

// The upper 53 bits of two words, as a number.
FUNCTION double join(UINT low, UINT high) { return (double)((((WORD)high << 32) | low) >> 11); }

// Element i is +1 where bit i mod 128 of block i div 128 is set, else −1. A group makes a block a thread, then writes the signs
// side by side.
KERNEL(rademacher)(WORD seed, WORD stream, GLOBAL REAL* restrict x, INDEX x0, INDEX n)
{
    LOCAL_ARRAY(UINT, words, 4 * GROUP_SIZE);
    int thread = THREAD(0), threads = THREADS(0);
    INDEX stretch = 128 * (INDEX)threads;
    x += x0;
    for (INDEX start = GROUP(0) * stretch; start < n; start += GROUPS(0) * stretch) {
        UINT block[4];
        philox(seed, stream, (WORD)(start / 128 + thread), block);
        BARRIER();
        UNROLL for (int k = 0; k < 4; k++)
            words[4 * thread + k] = block[k];
        BARRIER();
        int count = n - start < stretch ? (int)(n - start) : (int)stretch;
        for (int i = thread; i < count; i += threads)
            x[start + i] = (words[i / 32] >> (i % 32)) & 1 ? 1 : -1;
    }
}

// Elements 2i and 2i + 1 are the two of block i by Box–Muller.
KERNEL(normal)(WORD seed, WORD stream, GLOBAL REAL* restrict x, INDEX x0, INDEX n)
{
    x += x0;
    FOR_EACH(i, (n + 1) / 2) {
        UINT words[4];
        philox(seed, stream, (WORD)i, words);
        double u = (join(words[0], words[1]) + 1) * (1.0 / 9007199254740992.0);
        double v = join(words[2], words[3]) * (1.0 / 9007199254740992.0);
        double radius = sqrt(-2 * log(u)), angle = 6.283185307179586 * v;
        x[2 * i] = (REAL)(radius * cos(angle));
        if (2 * i + 1 < n)
            x[2 * i + 1] = (REAL)(radius * sin(angle));
    }
}

// Element i is negated where word i mod 4 of block i div 4 is below the limit.
KERNEL(flip)(WORD seed, WORD stream, WORD limit, GLOBAL REAL* restrict x, INDEX x0, INDEX n)
{
    x += x0;
    FOR_EACH(i, (n + 3) / 4) {
        UINT words[4];
        philox(seed, stream, (WORD)i, words);
        UNROLL for (int k = 0; k < 4; k++)
            if (4 * i + k < n && (WORD)words[k] < limit)
                x[4 * i + k] = -x[4 * i + k];
    }
}
