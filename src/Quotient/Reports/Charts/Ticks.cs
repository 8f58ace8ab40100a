namespace Quotient.Reports.Charts;

/// <summary>A mark on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Chooses an axis's marks: nice numbers on a linear axis, decades on a logarithmic one.</summary>
internal static class Ticks
{
    /// <summary>
    /// Multiples of 1, 2 or 5 times a power of ten between <paramref name="low"/> and <paramref name="high"/>, at most
    /// <paramref name="most"/> of them and no closer than <paramref name="leastStep"/>. Labels of very large or small ticks
    /// leave out the common factor 10^Exponent.
    /// </summary>
    public static (IReadOnlyList<Tick> Marks, int Exponent) Linear(double low, double high, int most, double leastStep = 0)
    {
        var (step, place) = NiceStep(low, high, most, leastStep);
        // Adding 0 turns −0 into 0.
        double first = Math.Ceiling((low / step) - 1e-9) + 0.0;
        double last = Math.Floor((high / step) + 1e-9);
        double largest = Math.Max(Math.Abs(first), Math.Abs(last)) * step;
        int lead = largest == 0 ? 0 : Decade(largest);
        int exponent = lead is >= 5 or <= -4 ? lead : 0;
        string format = $"F{Math.Max(0, exponent - place)}";
        // 10^exponent is divided out of the step first: it may be too small to divide a value by.
        double unit = step / Power(exponent);
        string Label(double i) => Figures.Minus((i * unit).ToString(format, CultureInfo.InvariantCulture));
        var multiples = Enumerable.Range(0, (int)(last - first) + 1).Select(i => first + i);
        return ([.. multiples.Select(i => new Tick(i * step, Label(i)))], exponent);
    }

    /// <summary>
    /// Powers of ten between two positive numbers, evenly thinned to at most <paramref name="most"/>; where there are fewer
    /// than three, their multiples by 2 and 5 too.
    /// </summary>
    public static IReadOnlyList<Tick> Logarithmic(double low, double high, int most)
    {
        int first = (int)Math.Ceiling(Math.Log10(low) - 1e-9);
        int last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        if (last - first < 2)
        {
            Tick[] fine =
            [
                .. from decade in Enumerable.Range(first - 1, last - first + 2)
                   from digit in new[] { 1, 2, 5 }
                   let value = digit * Power(decade)
                   where value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
                   select new Tick(value, decade is >= -4 and <= 4 ? Plain(value) : $"{(digit == 1 ? "" : $"{digit}×")}{PowerLabel(decade)}"),
            ];
            return fine.Length <= most ? fine : [.. fine.Where(tick => tick.Label.Contains('1'))];
        }

        int stride = new[] { 1, 2, 3, 5, 10, 20, 50, 100, 200 }.First(by => (last - first) / by < most);
        bool plain = first >= -3 && last <= 3;
        // Counted from zero, so that 1 is marked wherever it lies inside.
        int start = (int)Math.Ceiling(first / (double)stride) * stride;
        var decades = Enumerable.Range(0, ((last - start) / stride) + 1).Select(i => start + (i * stride));
        return [.. decades.Select(d => new Tick(Power(d), plain ? Plain(Power(d)) : PowerLabel(d)))];
    }

    /// <summary>A power of ten's label, such as 10⁻³.</summary>
    public static string PowerLabel(int exponent) =>
        $"10{(exponent < 0 ? "⁻" : "")}{string.Concat($"{Math.Abs(exponent)}".Select(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']))}";

    private static (double Step, int Place) NiceStep(double low, double high, int most, double least)
    {
        double rough = Math.Max((high - low) / Math.Max(1, most), least);
        int place = Decade(rough);
        foreach (double nice in new[] { 1.0, 2, 5, 10, 20 })
        {
            double step = nice * Power(place);
            if (Math.Floor((high / step) + 1e-9) - Math.Ceiling((low / step) - 1e-9) < most && step >= rough * 0.999)
            {
                return (step, place + (nice >= 10 ? 1 : 0));
            }
        }

        return (50 * Power(place), place + 1);
    }

    private static int Decade(double value) => (int)Math.Floor(Math.Log10(value) + 1e-9);

    private static double Power(int exponent) => Math.Pow(10, exponent);

    private static string Plain(double value) => Figures.Minus(Figures.Plain(value, 3));
}
