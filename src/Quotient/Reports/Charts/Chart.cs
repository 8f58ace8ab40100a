namespace Quotient.Reports.Charts;

/// <summary>
/// Drawings of marks on axes under one heading, with one legend and one caption: a single drawing fills the page's width, several stand
/// side by side.
/// </summary>
/// <param name="Title">The heading.</param>
/// <param name="Caption">What one sees, in full sentences.</param>
/// <param name="Panels">The drawings; those without anything finite are left out.</param>
public sealed record Chart(string Title, string Caption, params IReadOnlyList<Panel> Panels);

/// <summary>One drawing.</summary>
/// <param name="Name">Its own heading, where several stand side by side; else empty.</param>
/// <param name="X">The axis along the bottom.</param>
/// <param name="Y">The axis along the left.</param>
/// <param name="Marks">What is drawn, the first lowest.</param>
public record Panel(string Name, Axis X, Axis Y, params IReadOnlyList<Mark> Marks);

/// <summary>An axis: what its values mean and how they map to places.</summary>
/// <param name="Title">Its title.</param>
public abstract record Axis(string Title);

/// <summary>An axis of numbers.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Low">Where it begins; NaN: with the data.</param>
/// <param name="High">Where it ends; NaN: with the data.</param>
public sealed record NumberAxis(string Title, double Low = double.NaN, double High = double.NaN) : Axis(Title)
{
    /// <summary>Whether it is logarithmic; null: where all values are positive and span more than a factor of 30.</summary>
    public bool? IsLogarithmic { get; init; } = false;

    /// <summary>Whether zero is on it, unless it is logarithmic.</summary>
    public bool HasZero { get; init; }

    /// <summary>Whether only whole numbers are marked.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>
/// Ranks from both ends of a long sequence, the rest a gap between: 1, 2, … at the left; …, n − 1, n at the right.
/// </summary>
/// <param name="Title">Its title.</param>
/// <param name="First">How many of the first.</param>
/// <param name="Last">How many of the last.</param>
/// <param name="Count">n.</param>
public sealed record RankAxis(string Title, int First, int Last, long Count) : Axis(Title);

/// <summary>Rows one below the other; what has y = i stands on row i.</summary>
/// <param name="Title">What the rows are.</param>
/// <param name="RemarkTitle">What their remarks are.</param>
/// <param name="Rows">The rows, the topmost first.</param>
public sealed record RowAxis(string Title, string RemarkTitle, IReadOnlyList<Row> Rows) : Axis(Title);

/// <summary>A row.</summary>
/// <param name="Name">Its name, at its left.</param>
/// <param name="Remark">More, at its right where there is room.</param>
/// <param name="IsStrong">Whether it stands out.</param>
public readonly record struct Row(string Name, string Remark = "", bool IsStrong = false);

/// <summary>A point of data.</summary>
/// <param name="X">Its place along the bottom.</param>
/// <param name="Y">Its place along the left.</param>
/// <param name="Error">Half the length of its error bar or band; NaN: not known.</param>
/// <param name="Title">What is shown where a pointer rests on it.</param>
public readonly record struct Datum(double X, double Y, double Error = double.NaN, string? Title = null)
{
    /// <summary>Whether it did not converge: it is drawn hollow, its stem dashed.</summary>
    public bool IsOpen { get; init; }

    /// <summary>A text beside it, for the few that matter most.</summary>
    public string? Text { get; init; }

    internal bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}

/// <summary>The colour of a mark, on light and dark pages: blue where nothing else is said.</summary>
public enum Hue
{
    /// <summary>What is usual.</summary>
    Blue,

    /// <summary>What is below zero, or opposite.</summary>
    Rust,

    /// <summary>A second series.</summary>
    Teal,

    /// <summary>A third series.</summary>
    Violet,

    /// <summary>A fourth series.</summary>
    Olive,

    /// <summary>A fifth series.</summary>
    Rose,
}

/// <summary>Something drawn on the axes.</summary>
/// <param name="Name">Its name in the legend; empty: not there.</param>
/// <param name="Data">Where it is drawn; what is not finite is left out.</param>
/// <param name="Hue">Its colour.</param>
public abstract record Mark(string Name, IReadOnlyList<Datum> Data, Hue Hue)
{
    /// <summary>Whether there is something to draw, other than what did not converge.</summary>
    internal virtual bool IsDrawn => Data.Any(datum => datum.IsFinite && !datum.IsOpen);
}

/// <summary>Points, with stems to zero if wanted, each with an error bar where that reaches beyond it.</summary>
public sealed record Points(string Name, IReadOnlyList<Datum> Data, Hue Hue = default, bool HasStems = false) : Mark(Name, Data, Hue);

/// <summary>A line through points in rising order of x, solid with discs or dashed with squares, with error bars where these reach beyond them if wanted.</summary>
public sealed record Line(string Name, IReadOnlyList<Datum> Data, Hue Hue = default, bool IsDashed = false, bool HasBars = false) : Mark(Name, Data, Hue);

/// <summary>The area below points in rising order of x, under a line.</summary>
public sealed record Area(string Name, IReadOnlyList<Datum> Data, Hue Hue = default) : Mark(Name, Data, Hue);

/// <summary>A band of y ± error about points in rising order of x; none where one of the errors is not known.</summary>
public sealed record Band(string Name, IReadOnlyList<Datum> Data, Hue Hue = default) : Mark(Name, Data, Hue)
{
    internal override bool IsDrawn => base.IsDrawn && Data.All(datum => datum.Error >= 0 || !datum.IsFinite);
}

/// <summary>Short upright strokes along the bottom.</summary>
public sealed record Rug(string Name, IReadOnlyList<double> At) : Mark(Name, [.. At.Select(x => new Datum(x, double.NaN))], default)
{
    internal override bool IsDrawn => At.Any(double.IsFinite);
}

/// <summary>A dashed line of reference at a height.</summary>
public sealed record Rule(string Name, double At) : Mark(Name, [new(double.NaN, At)], default)
{
    internal override bool IsDrawn => double.IsFinite(At);
}
