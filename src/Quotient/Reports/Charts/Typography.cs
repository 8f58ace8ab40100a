namespace Quotient.Reports.Charts;

/// <summary>Numbers as they are set on a page.</summary>
internal static class Typography
{
    /// <summary>Sets a number's hyphens as minus signs.</summary>
    public static string Number(string number) => number.Replace('-', '−');
}
