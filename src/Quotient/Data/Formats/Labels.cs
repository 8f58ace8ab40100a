namespace Quotient.Data.Formats;

/// <summary>Classes read from numbers.</summary>
internal static class Labels
{
    /// <summary>More classes than this are taken for targets put in the wrong place.</summary>
    private const int Most = 1 << 16;

    /// <summary>Numbers 0, 1, …; there are as many classes as the greatest asks for, and at least 2.</summary>
    /// <param name="values">Whole numbers.</param>
    /// <param name="where">Names a value in an error.</param>
    public static (int[] Labels, int Classes) From(IReadOnlyList<double> values, Func<int, string> where)
    {
        int[] labels = new int[values.Count];
        int greatest = 1;
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = values[i] is >= 0 and < Most
                ? (int)values[i]
                : throw new QuotientException(
                    $"{where(i)} is {values[i]}, expected 0 to {Most - 1} (real targets are kept as floating-point y in an NPZ file)");
            greatest = Math.Max(greatest, labels[i]);
        }

        return (labels, greatest + 1);
    }
}
