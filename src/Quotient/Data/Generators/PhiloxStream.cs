using Quotient.Backends;

namespace Quotient.Data.Generators;

/// <summary>Numbers drawn one after the other from one stream of <see cref="Philox"/>.</summary>
internal sealed class PhiloxStream(ulong seed, ulong stream)
{
    private ulong _block;

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high)
    {
        var (x, y, _, _) = Philox.Block(seed, stream, _block++);
        return low + ((high - low) * ((((ulong)y << 32) | x) >> 11) * (1.0 / (1L << 53)));
    }

    /// <summary>Uniform in 0 … count − 1.</summary>
    public int Below(int count) => (int)(((ulong)Philox.Block(seed, stream, _block++).X * (ulong)count) >> 32);

    /// <summary>
    /// Nearly N(0, 1): the scaled sum of four uniform numbers. Unlike a logarithm and a sine, it is the same to the last bit on
    /// every machine.
    /// </summary>
    public double Bell()
    {
        const double scale = 1.7320508075688772 / (1L << 32);
        var (x, y, z, w) = Philox.Block(seed, stream, _block++);
        return ((double)((ulong)x + y + z + w) - (2L << 32)) * scale;
    }

    public double Normal() => Philox.Normals(seed, stream, _block++).First;
}
