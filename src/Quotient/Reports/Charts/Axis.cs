namespace Quotient.Reports.Charts;

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
