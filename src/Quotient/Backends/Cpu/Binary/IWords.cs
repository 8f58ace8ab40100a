namespace Quotient.Backends.Cpu.Binary;

/// <summary>What counting bits needs of a vector of 64-bit words, so that one kernel text serves every width.</summary>
internal unsafe interface IWords<TVector> where TVector : struct
{
    /// <summary>Words of a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether an instruction counts the bits of a word, so that adding up bit by bit would not pay.</summary>
    static abstract bool CountsWords { get; }

    static abstract TVector Load(ulong* source);

    static abstract TVector Broadcast(ulong* source);

    static abstract void Store(TVector value, ulong* target);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    /// <summary>a where the mask is 1, b where it is 0.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>The number of 1s in each byte, or in each word where <see cref="CountsWords"/>.</summary>
    static abstract TVector Count(TVector value);

    /// <summary>Sums of bytes (of words, where <see cref="CountsWords"/>).</summary>
    static abstract TVector AddBytes(TVector a, TVector b);

    /// <summary>The sum of each word's bytes.</summary>
    static abstract TVector SumBytes(TVector value);

    /// <summary>a + 2^shift·b, word by word.</summary>
    static abstract TVector AddShifted(TVector a, TVector b, int shift);
}
