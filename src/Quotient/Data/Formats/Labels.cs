namespace Quotient.Data.Formats;

/// <summary>Classes read from numbers.</summary>
internal static class Labels
{
    /// <summary>More classes than this are taken for targets put in the wrong place.</summary>
    private const int Most = 1 << 16;

    /// <summary>Numbers 0, 1, …; there are as many classes as the greatest asks for, and at least 2.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="value">Each of them, a whole number.</param>
    /// <param name="where">Names a value in an error.</param>
    public static (int[] Labels, int Classes) From(int count, Func<int, double> value, Func<int, string> where)
    {
        int[] labels = HostArray.New<int>(count, () => "a class for each sample");
        int greatest = 1;
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = value(i) is >= 0 and < Most and var label
                ? (int)label
                : throw new QuotientException(
                    $"{where(i)} is {value(i)}, expected 0 to {Most - 1} (real targets are kept as floating-point y in an NPZ file)");
            greatest = Math.Max(greatest, labels[i]);
        }

        return (labels, greatest + 1);
    }
}
