using System.Buffers.Binary;

namespace Quotient.Data.Formats;

/// <summary>
/// Passes bytes on and computes their CRC-32 as ZIP defines it (reflected polynomial 0xEDB88320), which the framework does not
/// compare by itself. Eight bytes a step, by eight tables (Kounavis, Berry 2005).
/// </summary>
internal sealed class Crc32Stream(Stream inner) : Stream
{
    /// <summary>Table k holds the states after k + 1 bytes 0.</summary>
    private static readonly uint[][] Tables =
        [.. Enumerable.Range(1, 8).Select(bytes => Enumerable.Range(0, 256).Select(value => Shift((uint)value, 8 * bytes)).ToArray())];

    private uint _state = uint.MaxValue;

    public uint Checksum => ~_state;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _state = Append(_state, buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes), high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
        }

        foreach (byte value in bytes)
        {
            state = Tables[0][(byte)(state ^ value)] ^ (state >> 8);
        }

        return state;
    }

    private static uint Shift(uint state, int bits)
    {
        for (int bit = 0; bit < bits; bit++)
        {
            state = (state >> 1) ^ ((state & 1) * 0xEDB88320);
        }

        return state;
    }
}
