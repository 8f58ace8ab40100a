namespace Quotient.Reports.Charts;

/// <summary>Maps values to one coordinate of a drawing. No value, however extreme, is mapped outside it.</summary>
/// <param name="from">The coordinate of the lowest value.</param>
/// <param name="to">The coordinate of the highest value.</param>
internal abstract class Scale(double from, double to)
{
    public double From => from;

    public double To => to;

    /// <summary>The axis's marks.</summary>
    public IReadOnlyList<Tick> Ticks { get; protected init; } = [];

    /// <summary>The power of ten that the labels leave out; 0 for none.</summary>
    public int Exponent { get; protected init; }

    /// <summary>The coordinate of a value.</summary>
    public virtual double Map(double value)
    {
        double share = Share(value);
        return from + ((to - from) * (double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1)));
    }

    /// <summary>An axis's title with the factor that its labels leave out.</summary>
    public string Title(string title) =>
        Exponent == 0 ? title : $"{title} ×{Charts.Ticks.PowerLabel(Exponent)}".TrimStart();

    /// <summary>The scale of an axis of numbers, of which some are seen.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="seen">Finite numbers, at least one.</param>
    /// <param name="room">The share of the range that stays free beyond the numbers seen, but not beyond zero.</param>
    /// <param name="from">The coordinate of the lowest value.</param>
    /// <param name="to">The coordinate of the highest value.</param>
    /// <param name="ticks">How many ticks there may be.</param>
    public static Scale Of(NumberAxis axis, IReadOnlyList<double> seen, double room, double from, double to, int ticks)
    {
        var (low, high) = (seen.Min(), seen.Max());
        if (axis.IsLogarithmic ?? (low > 0 && high / low > 30))
        {
            return new LogScale(Or(axis.Low, low / 1.3), Or(axis.High, 1.6 * high), from, to, ticks);
        }

        (low, high) = axis.HasZero ? (Math.Min(0, low), Math.Max(0, high)) : (low, high);
        // Half the range, twice: the range itself may overflow.
        double free = room * ((high / 2) - (low / 2)) * 2;
        var (first, last) = (Or(axis.Low, low == 0 ? 0 : low - free), Or(axis.High, high == 0 ? 0 : high + free));
        return axis.IsWhole && first == last
            ? new LinearScale(first - 1, last + 1, from, to, ticks, leastStep: 1)
            : new LinearScale(first, last, from, to, ticks, axis.IsWhole ? 1 : 0);
    }

    /// <summary>Where a value lies between the lowest, 0, and the highest, 1.</summary>
    protected abstract double Share(double value);

    private static double Or(double given, double otherwise) => double.IsNaN(given) ? otherwise : given;
}

/// <summary>A linear scale. Magnitudes beyond 10^±290 are drawn at its ends.</summary>
internal sealed class LinearScale : Scale
{
    private readonly double _low, _high;

    public LinearScale(double low, double high, double from, double to, int ticks, double leastStep = 0) : base(from, to)
    {
        (low, high) = (Math.Clamp(low, -1e290, 1e290), Math.Clamp(high, -1e290, 1e290));
        double magnitude = Math.Max(Math.Abs(low), Math.Abs(high));
        // A range too narrow for its ticks to differ in five digits is opened.
        double least = 1e-4 * magnitude;
        (_low, _high) = magnitude < 1e-290 ? (-1, 1) : high - low >= least ? (low, high) : (low - least, high + least);
        (Ticks, Exponent) = Charts.Ticks.Linear(_low, _high, ticks, leastStep);
    }

    protected override double Share(double value) => (value - _low) / (_high - _low);
}

/// <summary>A logarithmic scale between two positive numbers, at least a factor of four apart.</summary>
internal sealed class LogScale : Scale
{
    private readonly double _low, _high;

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

/// <summary>Rows one below the other.</summary>
internal sealed class RowScale(double from, double to, int rows) : Scale(from, to)
{
    protected override double Share(double value) => (value + 0.5) / rows;
}

/// <summary>Ranks from both ends of a sequence, a slot each, with a gap where others are left out.</summary>
internal sealed class RankScale : Scale
{
    private readonly RankAxis _axis;

    public RankScale(RankAxis axis, double from, double to) : base(from, to)
    {
        _axis = axis;
        Hidden = Math.Max(0, axis.Count - axis.First - axis.Last);
        double gap = Hidden > 0 ? (Figures.Count(Hidden).Length * Frame.CharacterWidth) + 40 : 0;
        double share = (to - from - gap) / Math.Max(1, axis.First + axis.Last);
        Slot = Hidden > 0 ? Math.Min(share, 60) : share;
        Ticks =
        [
            .. Ranks(axis.First, 24).Select(i => new Tick(1 + i, $"{1 + i}")),
            .. Ranks(axis.Last, 40).Select(i => new Tick(axis.Count - i, i == 0 ? "n" : $"n−{i}")),
        ];
    }

    /// <summary>How many ranks the gap stands for.</summary>
    public long Hidden { get; }

    /// <summary>One rank's width.</summary>
    public double Slot { get; }

    public double GapFrom => From + (_axis.First * Slot);

    public double GapTo => To - (_axis.Last * Slot);

    public override double Map(double value) =>
        value <= _axis.First ? From + ((value - 0.5) * Slot) : To - ((_axis.Count - value + 0.5) * Slot);

    protected override double Share(double value) => (Map(value) - From) / (To - From);

    /// <summary>As many ranks, from 0, as labels of a width can stand side by side.</summary>
    private IEnumerable<long> Ranks(int count, double labelWidth)
    {
        long stride = new[] { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, int.MaxValue }.First(by => by * Slot >= labelWidth);
        for (long i = 0; i < count; i += stride)
        {
            yield return i;
        }
    }
}
