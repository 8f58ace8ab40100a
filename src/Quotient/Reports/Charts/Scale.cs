namespace Quotient.Reports.Charts;

/// <summary>Maps values to one coordinate of a drawing. No value, however extreme, is mapped outside it.</summary>
internal abstract class Scale(double from, double to)
{
    /// <summary>The coordinate of the lowest value.</summary>
    public double From { get; } = from;

    /// <summary>The coordinate of the highest value.</summary>
    public double To { get; } = to;

    /// <summary>The axis's marks.</summary>
    public IReadOnlyList<Tick> Ticks { get; protected init; } = [];

    /// <summary>The power of ten that the labels leave out; 0 for none.</summary>
    public int Exponent { get; protected init; }

    /// <summary>The coordinate of a value.</summary>
    public double Map(double value)
    {
        double share = Share(value);
        return From + ((To - From) * (double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1)));
    }

    /// <summary>An axis's title with the factor that its labels leave out.</summary>
    public string Title(string title) =>
        Exponent == 0 ? title : $"{title} ×{Charts.Ticks.PowerLabel(Exponent)}".TrimStart();

    /// <summary>Where a value lies between the lowest, 0, and the highest, 1.</summary>
    protected abstract double Share(double value);
}

/// <summary>A linear scale. Magnitudes beyond 10^±290 are drawn at its ends.</summary>
internal sealed class LinearScale : Scale
{
    private const double Largest = 1e290;
    private const double Smallest = 1e-290;

    private readonly double _low;
    private readonly double _high;

    public LinearScale(double low, double high, double from, double to, int ticks, double leastStep = 0) : base(from, to)
    {
        (_low, _high) = Widen(Math.Clamp(low, -Largest, Largest), Math.Clamp(high, -Largest, Largest));
        (Ticks, Exponent) = Charts.Ticks.Linear(_low, _high, ticks, leastStep);
    }

    protected override double Share(double value) => (value - _low) / (_high - _low);

    /// <summary>Opens a range too narrow for its ticks to differ in five digits.</summary>
    private static (double Low, double High) Widen(double low, double high)
    {
        double magnitude = Math.Max(Math.Abs(low), Math.Abs(high));
        if (magnitude < Smallest)
        {
            return (-1, 1);
        }

        double least = 1e-4 * magnitude;
        return high - low >= least ? (low, high) : (low - least, high + least);
    }
}

/// <summary>A logarithmic scale between two positive numbers, at least a factor of four apart.</summary>
internal sealed class LogScale : Scale
{
    private readonly double _low;
    private readonly double _high;

    public LogScale(double low, double high, double from, double to, int ticks) : base(from, to)
    {
        low = Math.Clamp(low, 1e-290, 1e290);
        high = Math.Clamp(high, low, 1e290);
        (low, high) = high / low < 4 ? (low / 2, high * 2) : (low, high);
        (_low, _high) = (Math.Log10(low), Math.Log10(high));
        Ticks = Charts.Ticks.Logarithmic(low, high, ticks);
    }

    protected override double Share(double value) => value <= 0 ? 0 : (Math.Log10(value) - _low) / (_high - _low);
}
