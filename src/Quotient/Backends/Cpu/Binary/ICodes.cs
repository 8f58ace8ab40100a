namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// What a product of real numbers and signs needs of a vector: each lane is a column of B, and its bits are the signs of as
/// many inputs, four of which choose one of sixteen sums.
/// </summary>
internal unsafe interface ICodes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>The entries of a table of sixteen that the lanes' lowest four bits choose.</summary>
    static abstract TVector Lookup(T* table, TVector codes);

    /// <summary>Each lane's next four bits.</summary>
    static abstract TVector Next(TVector codes);
}
