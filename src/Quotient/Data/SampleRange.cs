using System.Globalization;

namespace Quotient.Data;

/// <summary>Samples first … end − 1; a null end is the last.</summary>
internal readonly record struct SampleRange(int First, int? End)
{
    public static SampleRange All => new(0, null);

    /// <summary>Reads <c>a:b</c>, <c>a:</c>, <c>:b</c> or <c>:</c>.</summary>
    public static SampleRange Parse(string spec, string text)
    {
        string[] ends = text.Split(':');
        return ends.Length == 2
            ? new(Bound(spec, text, ends[0]) ?? 0, Bound(spec, text, ends[1]))
            : throw new QuotientException($"data '{spec}': the selection [{text}] must be [first:end], such as [0:1000]");
    }

    /// <summary>The samples asked for; all that are asked for must exist.</summary>
    public Dataset Of(Dataset whole)
    {
        int end = End ?? whole.Count;
        string from = whole.Origin is null ? "" : $" (read from {whole.Origin})";
        if (end > whole.Count || First >= whole.Count)
        {
            throw new QuotientException(
                $"data '{whole.Name}' selects samples {First} to {end - 1}, but there are only {whole.Count}{from}");
        }

        if (First >= end)
        {
            throw new QuotientException($"data '{whole.Name}' selects no samples: {First} is not below {end}");
        }

        return this == All ? whole : whole.Slice(First, end - First, whole.Name);
    }

    private static int? Bound(string spec, string text, string digits)
    {
        if (digits.Trim().Length == 0)
        {
            return null;
        }

        return int.TryParse(digits.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int bound)
            ? bound
            : throw new QuotientException(
                $"data '{spec}': '{digits.Trim()}' in the selection [{text}] is not a whole number from 0 to {int.MaxValue}");
    }
}
