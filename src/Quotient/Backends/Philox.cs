namespace Quotient.Backends;

/// <summary>
/// The counter-based generator Philox 4×32-10 (Salmon, Moraes, Dror, Shaw 2011): four words of a block are a pure function
/// of key and counter, so the same numbers come out on every backend and with any number of threads.
/// </summary>
/// <remarks>Key = seed (64 bits); counter = (block index, stream), 64 bits each, low word first.</remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The four words of block <paramref name="index"/> of a stream.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong seed, ulong stream, ulong index)
    {
        uint x = (uint)index, y = (uint)(index >> 32), z = (uint)stream, w = (uint)(stream >> 32);
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)Multiplier0 * x, p1 = (ulong)Multiplier1 * z;
            (x, y, z, w) = ((uint)(p1 >> 32) ^ y ^ key0, (uint)p1, (uint)(p0 >> 32) ^ w ^ key1, (uint)p0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (x, y, z, w);
    }

    /// <summary>
    /// Two independent N(0, 1) values of block <paramref name="index"/>, by Box–Muller: words (X, Y) give the 53-bit radius
    /// uniform in (0, 1], words (Z, W) the 53-bit angle in [0, 1).
    /// </summary>
    public static (double First, double Second) Normals(ulong seed, ulong stream, ulong index)
    {
        var (x, y, z, w) = Block(seed, stream, index);
        double u = (Join(x, y) + 1) * (1.0 / (1L << 53));
        double v = Join(z, w) * (1.0 / (1L << 53));
        double radius = Math.Sqrt(-2 * Math.Log(u));
        var (sin, cos) = Math.SinCos(2 * Math.PI * v);
        return (radius * cos, radius * sin);
    }

    /// <summary>
    /// Sign of element <paramref name="index"/> of a Rademacher vector: bit (index mod 128) of block (index div 128), word by
    /// word from the lowest bit; 1 is +1.
    /// </summary>
    public static bool Sign(ulong seed, ulong stream, ulong index)
    {
        var (x, y, z, w) = Block(seed, stream, index >> 7);
        uint word = ((index >> 5) & 3) switch { 0 => x, 1 => y, 2 => z, _ => w };
        return ((word >> (int)(index & 31)) & 1) != 0;
    }

    /// <summary>p·2³², rounded: what is true with probability p is that a word is below it.</summary>
    public static ulong Limit(double probability) => (ulong)Math.Round(probability * (1UL << 32));

    /// <summary>Whether element <paramref name="index"/> flips: word (index mod 4) of block (index div 4) is below the limit.</summary>
    public static bool IsBelow(ulong seed, ulong stream, ulong index, ulong limit)
    {
        var (x, y, z, w) = Block(seed, stream, index >> 2);
        return (index & 3) switch { 0 => x, 1 => y, 2 => z, _ => w } < limit;
    }

    private static double Join(uint low, uint high) => (double)((((ulong)high << 32) | low) >> 11);
}
