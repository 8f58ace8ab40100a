using System.Text;

namespace Quotient.Fuzz;

/// <summary>Chance that is the same wherever it runs (SplitMix64; Steele, Lea, Flood 2014).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Those of one case of one target.</summary>
    public static Dice Of(ulong seed, string target, long index)
    {
        // FNV-1a of the name: the runtime's own hashes differ from run to run.
        ulong hash = Encoding.UTF8.GetBytes(target).Aggregate(14695981039346656037UL, (sum, letter) => (sum ^ letter) * 1099511628211UL);
        return new(new Dice(new Dice(seed).Next() ^ hash).Next() + (ulong)index);
    }

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 … count − 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
