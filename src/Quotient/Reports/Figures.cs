using System.Collections;
using System.Text.RegularExpressions;

namespace Quotient.Reports;

/// <summary>A number with its error.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error">A bound of its error, or its standard error; 0 where it is exact.</param>
/// <param name="IsEstimate">Whether it comes from random probes: an error of 0 or NaN then means an unknown one.</param>
public readonly record struct Quantity(double Value, double Error = 0, bool IsEstimate = false)
{
    /// <inheritdoc/>
    public override string ToString() => IsEstimate ? Figures.Estimate(Value, Error) : Figures.WithError(Value, Error);
}

/// <summary>
/// Numbers as people read them: as many digits as their error justifies. Errors are rounded up, to one digit, or to two
/// where the first is 1 or 2, so that a bound stays a bound; values are rounded to the error's last digit.
/// </summary>
public static partial class Figures
{
    /// <summary>What stands for a number that is not there.</summary>
    public const string Missing = "n/a";

    /// <summary>What marks a figure that did not converge, in every kind of report.</summary>
    public const string Unconverged = "unconverged";

    private const int MostDigits = 10;

    /// <summary>A figure for a report, in which what is not known is null: so it is of a spread that a single probe cannot show.</summary>
    public static double? Known(double figure) => double.IsNaN(figure) ? null : figure;

    /// <summary>How convergence is written.</summary>
    public static string Converged(bool converged) => converged ? "yes" : Unconverged;

    /// <summary>A figure as written, marked where it did not converge.</summary>
    public static string Marked(string figure, bool converged) => converged ? figure : $"{figure} {Unconverged}".TrimStart();

    /// <summary>A text as it is set on a page: hyphens before numbers, and in their exponents, are minus signs; those in names stay.</summary>
    public static string Minus(string text) => Signs().Replace(text, "−");

    [GeneratedRegex(@"(?<![\w.)])-(?=\.?\d)|(?<=\d[eE])-(?=\d)")]
    private static partial Regex Signs();

    /// <summary>Any value by its type: numbers to six digits, counts with their thousands apart, lists with commas between.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        double number => Plain(number),
        int or long or ulong => Count(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        bool truth => truth ? "yes" : "no",
        Precision precision => precision == Precision.Single ? "single" : "double",
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Of)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A value with its error, such as <c>1.28180 ± 3e-5</c>; the value alone where the error is 0.</summary>
    public static string WithError(double value, double error, int mostDigits = MostDigits) =>
        HasError(value, error) ? $"{Value(value, error, mostDigits)} ± {Error(error)}"
        : error == 0 || !double.IsFinite(value) ? Plain(value)
        : $"{Plain(value)} (error unknown)";

    /// <summary>An estimate from random probes with its standard error, never bare: an unknown error says why.</summary>
    public static string Estimate(double value, double error, int mostDigits = MostDigits) =>
        HasError(value, error) || !double.IsFinite(value)
            ? WithError(value, error, mostDigits)
            : $"{Plain(value)} (error {Spread(error)})";

    /// <summary>The standard error of an estimate: one probe shows none, nor do probes that agree to the last bit.</summary>
    public static string Spread(double error) =>
        double.IsNaN(error) ? "unknown: one probe"
        : error == 0 ? "unknown: the probes agree"
        : Error(error);

    /// <summary>A value to the last digit that its error justifies, and to no more than <paramref name="mostDigits"/>.</summary>
    public static string Value(double value, double error, int mostDigits = MostDigits)
    {
        if (!HasError(value, error))
        {
            return Plain(value, Math.Min(mostDigits, 6));
        }

        var (_, digits, exponent) = RoundUp(error);
        int lead = value == 0 ? exponent : Exponent(value);
        int place = Math.Max(exponent - digits + 1, lead - mostDigits + 1);
        return IsPlain(Math.Max(lead, exponent)) ? Fixed(value, place) : Scientific(value, Math.Max(0, lead - place));
    }

    /// <summary>An error, rounded up to one or two digits.</summary>
    public static string Error(double error)
    {
        if (!double.IsFinite(error) || error <= 0)
        {
            return double.IsFinite(error) ? "0" : Plain(error);
        }

        var (rounded, digits, exponent) = RoundUp(error);
        return exponent is >= -3 and < 6 ? Fixed(rounded, exponent - digits + 1) : Scientific(rounded, digits - 1);
    }

    /// <summary>A number to so many significant digits, without trailing zeros.</summary>
    public static string Plain(double value, int digits = 6)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return double.IsNaN(value) ? Missing : value == 0 ? "0" : value > 0 ? "inf" : "-inf";
        }

        int lead = Exponent(value);
        return IsPlain(lead) ? Trimmed(Fixed(value, lead - digits + 1)) : Scientific(value, digits - 1, trim: true);
    }

    /// <summary>A count with its thousands set apart; an equivalent count keeps one decimal.</summary>
    public static string Count(double count) =>
        !(Math.Abs(count) < 1e15) ? Plain(count)
        : count.ToString(count == Math.Round(count) ? "#,##0" : "#,##0.0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 sample</c>, <c>2 samples</c>.</summary>
    public static string Counted(double count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A share as a percentage.</summary>
    public static string Share(double share) => double.IsFinite(share) ? $"{Plain(100 * share, 4)} %" : Missing;

    /// <summary>A time in the units that suit it.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        >= 0 and < 120 => $"{Plain(seconds, 3)} s",
        >= 120 and < 7200 => $"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):0} s",
        >= 7200 and < 1e9 => $"{Math.Floor(seconds / 3600):0} h {Math.Floor(seconds % 3600 / 60):0} min",
        _ => Plain(seconds),
    };

    /// <summary>Rounds a positive error up; returns it with its number of digits and its decimal exponent.</summary>
    private static (double Rounded, int Digits, int Exponent) RoundUp(double error)
    {
        var (text, exponent) = Split(error, 16);
        double mantissa = double.Parse(text, CultureInfo.InvariantCulture);
        int digits = mantissa < 3 ? 2 : 1;
        double scale = digits == 2 ? 10 : 1;
        // The slack lets 3.0000000000000004e-5 stay 3e-5.
        mantissa = Math.Ceiling((mantissa * scale) - 1e-9) / scale;
        if (mantissa >= 10)
        {
            (mantissa, exponent, digits) = (1, exponent + 1, 2);
        }

        double rounded = double.Parse(string.Create(CultureInfo.InvariantCulture, $"{mantissa}E{exponent}"), CultureInfo.InvariantCulture);
        return (Math.Min(rounded, double.MaxValue), digits, exponent);
    }

    private static bool HasError(double value, double error) => double.IsFinite(value) && double.IsFinite(error) && error > 0;

    private static bool IsPlain(int exponent) => exponent is >= -4 and < 7;

    private static int Exponent(double value) => Split(value, 16).Exponent;

    /// <summary>A number's mantissa, to so many decimals, and its decimal exponent.</summary>
    private static (string Mantissa, int Exponent) Split(double value, int decimals)
    {
        string[] parts = value.ToString($"E{decimals}", CultureInfo.InvariantCulture).Split('E');
        return (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A number without exponent, rounded at the decimal place 10^<paramref name="place"/>.</summary>
    private static string Fixed(double value, int place)
    {
        if (place > 0)
        {
            double unit = Math.Pow(10, place);
            value = Math.Round(value / unit) * unit;
        }

        return Unsigned(value.ToString($"F{Math.Max(0, -place)}", CultureInfo.InvariantCulture));
    }

    private static string Scientific(double value, int decimals, bool trim = false)
    {
        if (value == 0)
        {
            return "0";
        }

        var (mantissa, exponent) = Split(value, decimals);
        return $"{Unsigned(trim ? Trimmed(mantissa) : mantissa)}e{exponent}";
    }

    private static string Trimmed(string number) => number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') : number;

    /// <summary>Drops the sign of a number that was rounded to zero.</summary>
    private static string Unsigned(string number) =>
        number.StartsWith('-') && number.AsSpan(1).IndexOfAnyExcept("0.") < 0 ? number[1..] : number;
}
