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
/// <param name="Label">What it shows, for those who do not see it.</param>
/// <param name="X">The axis along the bottom.</param>
/// <param name="Y">The axis along the left.</param>
/// <param name="Marks">What is drawn, the first lowest.</param>
public sealed record Panel(string Label, Axis X, Axis Y, params IReadOnlyList<Mark> Marks)
{
    /// <summary>Its own heading, where several stand side by side.</summary>
    public string Name { get; init; } = "";
}

/// <summary>The colour of a mark, fit for light and dark pages.</summary>
public enum Hue
{
    /// <summary>What is usual.</summary>
    Blue,

    /// <summary>What is below zero, or opposite.</summary>
    Rust,

    /// <summary>A second series.</summary>
    Teal,
}

/// <summary>What stands at the points of a line.</summary>
public enum Marker
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Discs.</summary>
    Disc,

    /// <summary>Squares.</summary>
    Square,
}

/// <summary>A point of data.</summary>
/// <param name="X">Its place along the bottom.</param>
/// <param name="Y">Its place along the left.</param>
public readonly record struct Datum(double X, double Y)
{
    /// <summary>What is shown where a pointer rests on it.</summary>
    public string? Title { get; init; }

    /// <summary>Half the length of its error bar or band; NaN: not known.</summary>
    public double Error { get; init; }

    /// <summary>Whether it did not converge: it is drawn hollow, its stem dashed.</summary>
    public bool IsOpen { get; init; }

    /// <summary>A text beside it, for the few that matter most.</summary>
    public string? Text { get; init; }

    internal bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}

/// <summary>Something drawn on the axes.</summary>
/// <param name="Name">Its name in the legend; empty: not there.</param>
/// <param name="Data">Where it is drawn; what is not finite is left out.</param>
public abstract record Mark(string Name, IReadOnlyList<Datum> Data)
{
    /// <summary>Its colour.</summary>
    public Hue Hue { get; init; }
}

/// <summary>Points, each with an error bar where that reaches beyond it.</summary>
public sealed record Points(string Name, IReadOnlyList<Datum> Data) : Mark(Name, Data)
{
    /// <summary>Whether stems join them to zero.</summary>
    public bool HasStems { get; init; }
}

/// <summary>A line through points in rising order of x.</summary>
public sealed record Line(string Name, IReadOnlyList<Datum> Data) : Mark(Name, Data)
{
    /// <summary>Whether the area below it is tinted.</summary>
    public bool IsFilled { get; init; }

    /// <summary>Whether it is dashed.</summary>
    public bool IsDashed { get; init; }

    /// <summary>What stands at its points.</summary>
    public Marker Marker { get; init; }
}

/// <summary>A band of y ± error about points in rising order of x; none where one of the errors is not known.</summary>
public sealed record Band(string Name, IReadOnlyList<Datum> Data) : Mark(Name, Data);

/// <summary>Short upright strokes along the bottom.</summary>
public sealed record Rug(string Name, IReadOnlyList<double> At) : Mark(Name, [.. At.Select(x => new Datum(x, double.NaN))]);

/// <summary>A dashed line of reference at a height.</summary>
public sealed record Rule(string Name, double At) : Mark(Name, [new(double.NaN, At)]);
