namespace Quotient.Backends.Cpu.Binary;

/// <summary>A matrix of signs in host memory.</summary>
internal readonly unsafe struct BitPointer(BitMatrix bits)
{
    private readonly ulong* _first = bits.Buffer.All.Pointer() + bits.Offset;

    /// <summary>Words from one row to the next.</summary>
    public nint Stride { get; } = (nint)bits.Stride;

    public nint Rows { get; } = (nint)bits.Rows;

    /// <summary>Signs of a row.</summary>
    public nint Columns { get; } = (nint)bits.Columns;

    /// <summary>Words of a row.</summary>
    public nint Words { get; } = (nint)bits.Words;

    public ulong* Row(nint i) => _first + (i * Stride);
}
