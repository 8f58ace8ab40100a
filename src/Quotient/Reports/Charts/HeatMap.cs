namespace Quotient.Reports.Charts;

/// <summary>A matrix of numbers as cells, the deeper their colour the greater the number, with a scale of colours below.</summary>
/// <param name="Name">Its own heading, where several stand side by side; else empty.</param>
/// <param name="Rows">The names of the rows, the topmost first.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">Row by row; what is not finite is a missing cell.</param>
/// <param name="Quantity">What the numbers are, at the scale.</param>
public sealed record HeatMap(string Name, NameAxis Rows, NameAxis Columns, IReadOnlyList<IReadOnlyList<double>> Values, string Quantity)
    : Panel(Name, Columns, Rows)
{
    /// <summary>The number whose cells have no colour; NaN: the least one.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>The number whose cells have all of it; NaN: the greatest one.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>The colour.</summary>
    public Hue Hue { get; init; }

    /// <summary>How a number is written in its cell and at the scale; null: to three digits.</summary>
    public Func<double, string>? Text { get; init; }

    internal IEnumerable<double> Known => Values.SelectMany(row => row).Where(double.IsFinite);

    internal string TextOf(double value) => Text?.Invoke(value) ?? Figures.Minus(Figures.Plain(value, 3));
}

/// <summary>Names one after the other: of the rows or the columns of a <see cref="HeatMap"/>.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Names">The names.</param>
public sealed record NameAxis(string Title, IReadOnlyList<string> Names) : Axis(Title)
{
    /// <summary>Places before which a gap parts groups of names.</summary>
    public IReadOnlyList<int> Gaps { get; init; } = [];
}
