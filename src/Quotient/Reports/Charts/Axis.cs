namespace Quotient.Reports.Charts;

/// <summary>An axis: what its values mean and how they map to places.</summary>
/// <param name="Title">Its title.</param>
public abstract record Axis(string Title);

/// <summary>How numbers map to places.</summary>
public enum Spacing
{
    /// <summary>In proportion.</summary>
    Linear,

    /// <summary>Equal ratios are equally far apart.</summary>
    Logarithmic,

    /// <summary>Logarithmic where all values are positive and span more than a factor of 30, else linear.</summary>
    Suited,
}

/// <summary>An axis of numbers.</summary>
public sealed record NumberAxis(string Title, Spacing Spacing = Spacing.Linear) : Axis(Title)
{
    /// <summary>Where it begins; NaN: with the data.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Where it ends; NaN: with the data.</summary>
    public double High { get; init; } = double.NaN;

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

/// <summary>Rows one below the other; point i stands on row i.</summary>
/// <param name="Rows">The rows, the topmost first.</param>
/// <param name="RemarkTitle">What the rows' remarks are.</param>
public sealed record RowAxis(IReadOnlyList<Row> Rows, string RemarkTitle = "") : Axis("");

/// <summary>A row.</summary>
/// <param name="Name">Its name, at its left.</param>
/// <param name="Remark">More, at its right where there is room.</param>
/// <param name="IsStrong">Whether it stands out.</param>
public readonly record struct Row(string Name, string Remark = "", bool IsStrong = false);
