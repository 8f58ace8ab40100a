using Quotient.Data;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>Arrays and vectors of NumPy.</summary>
internal sealed class NpyFiles() : Target("npy")
{
    private static readonly byte[][] Seeds =
    [
        NpySeeds.Array("<f8", "(4,)", 32), NpySeeds.Array("<f4", "(5,)", 20), NpySeeds.Array(">f8", "(3,)", 24),
        NpySeeds.Array("|u1", "(2, 3)", 6),
        NpySeeds.Array("<i8", "(2, 2, 2)", 64, columnMajor: true), NpySeeds.Array("|b1", "()", 1), NpySeeds.Array("<f2", "(0, 5)", 0),
        NpySeeds.Array(">i4", "(40, 50)", 8000),
    ];

    public override string FileName => "in.npy";

    public override byte[] Make(Dice dice) => NpySeeds.Damaged(dice.Pick(Seeds), dice, Seeds);

    public override bool Run(byte[] input, Dice dice)
    {
        string path = Folder.Write(FileName, input);
        var array = Npy.Read(path);
        WrongException.Unless(Npy.ReadShape(path).SequenceEqual(array.Shape), "the header says another shape");
        double[] values = array.ToDoubles();
        long size = array.Shape.Aggregate(1L, (size, dimension) => size * dimension);
        WrongException.Unless(values.Length == size, "the values do not fill the shape");
        Npy.Write(Folder.At("out"), values, array.Shape, Precision.Double);
        WrongException.Unless(Npy.Read(Folder.At("out")).ToDoubles().SequenceEqual(values), "what was written is read as something else");
        if (Npy.ReadVector(path, out _) is var vector)
        {
            WrongException.Unless(vector.SequenceEqual(values) && vector.All(double.IsFinite), "the vector is not what the array holds");
        }

        return true;
    }
}

/// <summary>NPY files made by hand, in any type, and their damage.</summary>
internal static class NpySeeds
{
    /// <summary>A file of version 1 whose numbers are small, whatever their type.</summary>
    public static byte[] Array(string type, string shape, int bytes, bool columnMajor = false)
    {
        string fields = $"{{'descr': '{type}', 'fortran_order': {(columnMajor ? "True" : "False")}, 'shape': {shape}, }}";
        int width = type[2] - '0', ones = type[0] == '>' ? width - 1 : 0;
        byte[] numbers = new byte[bytes];
        for (int i = ones; i < bytes && type[1] != 'f'; i += width)
        {
            numbers[i] = (byte)(i / width % 2);
        }

        return WithHeader(System.Text.Encoding.Latin1.GetBytes(fields), numbers);
    }

    /// <summary>Zero to three damages, some of them of the header's text, with its length put right.</summary>
    public static byte[] Damaged(byte[] file, Dice dice, IReadOnlyList<byte[]> others)
    {
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            int end = file.Length < 10 ? 0 : 10 + file[8] + (file[9] << 8);
            file = end > 10 && end <= file.Length && dice.OneIn(2)
                ? WithHeader(TextMutations.Damage(file[10..end], dice), file[end..])
                : ByteMutations.Damage(file, dice, others);
        }

        return file;
    }

    private static byte[] WithHeader(byte[] text, byte[] numbers)
    {
        var words = text.AsSpan().TrimEnd((byte)'\n').TrimEnd((byte)' ');
        byte[] padded = [.. words, .. Enumerable.Repeat((byte)' ', 64 - ((text.Length + 11) % 64)), (byte)'\n'];
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8), .. padded, .. numbers];
    }
}
