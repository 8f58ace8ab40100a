using Quotient.Reports.Charts;

namespace Quotient.Reports;

/// <summary>
/// What a command found: facts, tables, charts and notes. Four writers make text, JSON, CSV and HTML of it; they know nothing of what
/// it is about. Names from outside (layers, files, devices) go in as they are: each writer neutralises them.
/// </summary>
/// <param name="kind">The kind of report, <c>report</c> in JSON: <c>spectrum</c>.</param>
/// <param name="title">Its heading.</param>
public sealed class Report(string kind, string title)
{
    /// <summary>The version of every report's JSON; README.md has the rule by which it changes.</summary>
    public const int Schema = 1;

    private readonly List<Fact> _facts = [];
    private readonly List<Table> _tables = [];
    private readonly List<Chart> _charts = [];
    private readonly List<Note> _notes = [];

    /// <summary>The kind of report.</summary>
    public string Kind => kind;

    /// <summary>Its heading.</summary>
    public string Title => title;

    /// <summary>What it is about, such as <c>784-10 on mnist:train</c>; empty for nothing in particular.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>More about the subject: counts, the loss.</summary>
    public IReadOnlyList<string> Details { get; private set; } = [];

    /// <summary>How the report came about.</summary>
    public Provenance? Provenance { get; private set; }

    /// <summary>Named values.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    /// <summary>Tables.</summary>
    public IReadOnlyList<Table> Tables => _tables;

    /// <summary>Charts, for pages alone.</summary>
    public IReadOnlyList<Chart> Charts => _charts;

    /// <summary>Sentences for people.</summary>
    public IReadOnlyList<Note> Notes => _notes;

    /// <summary>Says what the report is about, for people; facts say it in JSON.</summary>
    public Report About(string subject, params IReadOnlyList<string> details)
    {
        (Subject, Details) = (subject, details);
        return this;
    }

    /// <summary>Says how the report came about.</summary>
    public Report From(Provenance provenance)
    {
        Provenance = provenance;
        return this;
    }

    /// <summary>Adds a named value; see <see cref="Reports.Fact"/>.</summary>
    public Report Fact(string? key, string? label, object? value, string? text = null) => Fact(new(key, label, value, text));

    /// <summary>Adds a named value.</summary>
    public Report Fact(Fact fact) => Add(_facts, fact);

    /// <summary>Adds a table.</summary>
    public Report Table(Table table) => Add(_tables, table);

    /// <summary>Adds a chart; one without anything finite to draw is left out by the writers.</summary>
    public Report Chart(Chart chart) => Add(_charts, chart);

    /// <summary>Adds a sentence for people.</summary>
    public Report Note(string sentence, bool isWarning = false) => Add(_notes, new(sentence, isWarning));

    private Report Add<T>(List<T> list, T item)
    {
        list.Add(item);
        return this;
    }
}

/// <summary>A named value.</summary>
/// <param name="Key">Its field in JSON; null: not there.</param>
/// <param name="Label">Its name for people, in lower case; null: not shown to them.</param>
/// <param name="Value">A number, a text, a truth value, <see cref="Fields"/>, a list of these, or null.</param>
/// <param name="Text">How people read it; null: by its type.</param>
public sealed record Fact(string? Key, string? Label, object? Value, string? Text = null)
{
    /// <summary>The number that people see, with its error, where the value is not a number itself.</summary>
    public Quantity? Quantity { get; init; } = Value is double number ? new(number) : null;

    /// <summary>Where it comes from: a method, its cost.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Whether it reached the tolerance asked for; it is marked where not.</summary>
    public bool Converged { get; init; } = true;

    /// <summary>The value with its error, as people read it.</summary>
    internal string Reading => Text ?? Quantity?.ToString() ?? Figures.Of(Value);
}

/// <summary>Named values: an object in JSON.</summary>
public sealed class Fields : OrderedDictionary<string, object?>
{
    /// <summary>The values, under their names, in this order.</summary>
    public Fields(params ReadOnlySpan<(string Name, object? Value)> values)
    {
        foreach (var (name, value) in values)
        {
            Add(name, value);
        }
    }
}

/// <summary>A sentence for people.</summary>
/// <param name="Sentence">The sentence.</param>
/// <param name="IsWarning">Whether it says that something is not to be trusted.</param>
public sealed record Note(string Sentence, bool IsWarning);

/// <summary>How a report came about, and how to make it again.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Device">The device's id, such as <c>cuda:0</c>; null where nothing was computed.</param>
/// <param name="DeviceName">The device's name, as its maker calls it.</param>
/// <param name="Precision">The arithmetic's precision; null where there is no one precision.</param>
/// <param name="Seed">The seed of every random number; null where there are none.</param>
/// <param name="Products">Products with the operator, or their equivalents, in all; null where none are counted.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
public sealed record Provenance(
    string Command, string? Device = null, string? DeviceName = null, Precision? Precision = null, ulong? Seed = null,
    double? Products = null, double? Seconds = null)
{
    /// <summary>Quotient's version.</summary>
    public string Version { get; init; } = typeof(Provenance).Assembly.GetName().Version!.ToString(3);

    /// <summary>The device's id and name.</summary>
    internal string DeviceText => DeviceName is null ? Device ?? "" : $"{Device} ({DeviceName})";
}
