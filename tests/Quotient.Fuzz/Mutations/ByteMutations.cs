using System.Buffers.Binary;

namespace Quotient.Fuzz.Mutations;

/// <summary>Damage that knows nothing of a format.</summary>
internal static class ByteMutations
{
    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 127, 128, 255, 256, 32767, 65535, 65536, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40,
        long.MaxValue, long.MinValue, 1L << 53,
    ];

    /// <summary>Damages a file in one way.</summary>
    public static byte[] Damage(byte[] bytes, Dice dice, IReadOnlyList<byte[]> others)
    {
        if (bytes.Length == 0)
        {
            return [(byte)dice.Next()];
        }

        int at = dice.Below(bytes.Length);
        byte[] copy = [.. bytes];
        switch (dice.Below(9))
        {
            case 0:
                copy[at] ^= (byte)(1 << dice.Below(8));
                return copy;
            case 1:
                copy[at] = (byte)dice.Next();
                return copy;
            case 2:
                return copy[..at];
            case 3:
                return [.. copy, .. new byte[1 + dice.Below(20)]];
            case 4:
                return Swell(copy, at, dice);
            case 5:
                byte[] other = dice.Pick(others);
                return [.. copy[..at], .. other[Math.Min(at, other.Length)..]];
            case 6:
                int end = Math.Min(copy.Length, at + 1 + dice.Below(16));
                return [.. copy[..at], .. copy[end..]];
            case 7:
                int last = Math.Min(copy.Length, at + 1 + dice.Below(64));
                return [.. copy[..last], .. copy[at..]];
            default:
                // Headers lie at the front.
                copy[at % Math.Min(copy.Length, 64)] = (byte)dice.Next();
                return copy;
        }
    }

    /// <summary>Puts a number at the edge of its range where some number may be.</summary>
    private static byte[] Swell(byte[] copy, int at, Dice dice)
    {
        byte[] number = new byte[8];
        long value = dice.Pick(Numbers);
        int width = 1 << dice.Below(4);
        if (dice.OneIn(2))
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number.AsSpan(0, Math.Min(width, copy.Length - at)).CopyTo(copy.AsSpan(at));
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number.AsSpan(8 - width, Math.Min(width, copy.Length - at)).CopyTo(copy.AsSpan(at));
        }

        return copy;
    }
}
