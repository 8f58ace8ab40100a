namespace Quotient.Backends.Cpu.Binary;

/// <summary>Counts that a table of sixteen bytes holds.</summary>
internal static class Nibbles
{
    /// <summary>The number of 1s in 0 … 7, and in 8 … 15, a byte each.</summary>
    public const ulong OnesLow = 0x0302020102010100, OnesHigh = 0x0403030203020201;
}
