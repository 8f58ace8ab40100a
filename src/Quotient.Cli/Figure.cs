using System.Globalization;

namespace Quotient.Cli;

/// <summary>Numbers for people.</summary>
internal static class Figure
{
    /// <summary>Six significant digits; a dash where there is no number.</summary>
    public static string Of(double value) => double.IsNaN(value) ? "-" : value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A share in per cent; a dash where there is none.</summary>
    public static string Share(double share) =>
        double.IsNaN(share) ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:G4} %");

    /// <summary>A count with its noun: <c>1 sample</c>, <c>2 samples</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A whole number, its thousands apart.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
