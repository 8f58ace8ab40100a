using System.Buffers.Binary;

namespace Quotient.Fuzz.Mutations;

/// <summary>Damage to safetensors files: to the JSON, whose length is put right again, and to the numbers.</summary>
internal static class SafetensorsMutations
{
    private const int Prefix = 8;

    private static readonly uint[] Singles = [0x7FC00000, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 0xFF7FFFFF, 1, 0x80000000, 0x00800000, 0x3F800000];

    /// <summary>Damages a file in one way.</summary>
    public static byte[] Damage(byte[] file, Dice dice, IReadOnlyList<byte[]> others)
    {
        bool isWhole = file.Length > Prefix && BinaryPrimitives.ReadUInt64LittleEndian(file) <= (ulong)(file.Length - Prefix);
        return !isWhole || dice.OneIn(4) ? ByteMutations.Damage(file, dice, others)
            : dice.OneIn(3) ? DamageNumbers(file, dice)
            : DamageHeader(file, dice);
    }

    private static byte[] DamageHeader(byte[] file, Dice dice)
    {
        int end = Prefix + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        byte[] header = TextMutations.Damage(file[Prefix..end], dice), length = new byte[Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. file[end..]];
    }

    private static byte[] DamageNumbers(byte[] file, Dice dice)
    {
        byte[] copy = [.. file];
        int start = Prefix + (int)BinaryPrimitives.ReadUInt64LittleEndian(file), numbers = (file.Length - start) / sizeof(uint);
        for (int i = dice.Below(4); i >= 0 && numbers > 0; i--)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(start + (sizeof(uint) * dice.Below(numbers))), dice.Pick(Singles));
        }

        return copy;
    }
}
