namespace Quotient;

/// <summary>Refuses results that are not numbers, so that no caller and no file ever holds them.</summary>
internal static class Overflow
{
    /// <summary>Throws where a value is not finite, and says which and what to try.</summary>
    public static void Check(ReadOnlySpan<double> values, string name, Precision precision)
    {
        for (int i = 0; i < values.Length; i++)
        {
            QuotientException.ThrowIf(
                !double.IsFinite(values[i]), $"the {name} holds {Word(values[i])} at entry {i}: {Advice(precision)}");
        }
    }

    /// <summary>The value; throws where it is not finite, and says what to try.</summary>
    public static double Check(double value, string name, Precision precision) => double.IsFinite(value)
        ? value
        : throw new QuotientException($"the {name} is {Word(value)}: {Advice(precision)}");

    private static string Word(double value) => double.IsNaN(value) ? "NaN" : "an infinity";

    private static string Advice(Precision precision) => precision == Precision.Single
        ? "the sum over the samples overflows single precision; try --precision double, or smaller weights or data"
        : "the sum over the samples overflows double precision; try smaller weights or data";
}
