namespace Quotient.Reports;

/// <summary>
/// A table. With key and title it is an array of objects in JSON, a file in CSV, and shown; without a key it is only shown; without a
/// title it is only for CSV, since JSON holds its numbers as facts.
/// </summary>
public sealed class Table
{
    private Table(string? key, string? title, IReadOnlyList<string?> keys, IReadOnlyList<string?> labels, IReadOnlyList<Cell[]> rows)
    {
        (Key, Title, Keys, Labels, Rows) = (key, title, keys, labels, rows);
    }

    /// <summary>Its field in JSON and its name in CSV.</summary>
    public string? Key { get; }

    /// <summary>Its heading.</summary>
    public string? Title { get; }

    /// <summary>The columns' names in JSON and CSV; null for those that are only shown.</summary>
    public IReadOnlyList<string?> Keys { get; }

    /// <summary>The columns' names for people; null for those that are not shown.</summary>
    public IReadOnlyList<string?> Labels { get; }

    /// <summary>Cells, a row each. The first that is shown names the row.</summary>
    public IReadOnlyList<IReadOnlyList<Cell>> Rows { get; }

    /// <summary>The columns that people see: those with a label and something in them.</summary>
    internal int[] Shown =>
        [.. Enumerable.Range(0, Labels.Count).Where(c => Labels[c] is not null && Rows.Any(row => row[c].Text.Length > 0))];

    /// <summary>Whether people see the table.</summary>
    internal bool IsShown => Title is not null && Rows.Count > 0;

    /// <summary>A table with a row for each item.</summary>
    public static Table Of<T>(string? key, string? title, IEnumerable<T> items, params IReadOnlyList<Column<T>> columns) => new(
        key,
        title,
        [.. columns.Select(column => column.Key)],
        [.. columns.Select(column => column.Label)],
        [.. items.Select(item => columns.Select(column => column.CellOf(item)).ToArray())]);
}

/// <summary>A column of a table.</summary>
/// <param name="Key">Its name in JSON and CSV; null: not there.</param>
/// <param name="Label">Its name for people; null: not shown.</param>
/// <param name="Value">An item's value: see <see cref="Fact"/>.</param>
/// <param name="Text">How people read an item's value; null: by its type.</param>
public sealed record Column<T>(string? Key, string? Label, Func<T, object?> Value, Func<T, string>? Text = null)
{
    internal Cell CellOf(T item)
    {
        object? value = Value(item);
        return new(value, Text is null ? Figures.Of(value) : Text(item));
    }
}

/// <summary>A value and how people read it.</summary>
public readonly record struct Cell(object? Value, string Text);
