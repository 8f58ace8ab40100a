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
    /// <summary>The version of every report's JSON; see README.md for the rule by which it changes.</summary>
    public const int Schema = 1;

    private readonly List<Fact> _facts = [];
    private readonly List<Table> _tables = [];
    private readonly List<Chart> _charts = [];
    private readonly List<Note> _notes = [];

    /// <summary>The kind of report.</summary>
    public string Kind { get; } = kind;

    /// <summary>Its heading.</summary>
    public string Title { get; } = title;

    /// <summary>What it is about, such as <c>784-10 on mnist:train</c>; empty for nothing in particular.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>More about the subject: counts, the loss.</summary>
    public IReadOnlyList<string> Details { get; private set; } = [];

    /// <summary>How the report came about.</summary>
    public Provenance? Provenance { get; private set; }

    /// <summary>Named values, in the order of adding.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    /// <summary>Tables, in the order of adding.</summary>
    public IReadOnlyList<Table> Tables => _tables;

    /// <summary>Charts, in the order of adding; only pages show them.</summary>
    public IReadOnlyList<Chart> Charts => _charts;

    /// <summary>Remarks and warnings, in the order of adding.</summary>
    public IReadOnlyList<Note> Notes => _notes;

    /// <summary>Says what the report is about, for people; facts say it in JSON.</summary>
    public Report About(string subject, params IReadOnlyList<string> details)
    {
        (Subject, Details) = (subject, details);
        return this;
    }

    /// <summary>Adds a named value.</summary>
    /// <param name="key">Its field in JSON; null: not there.</param>
    /// <param name="label">Its name for people, in lower case; null: not shown to them.</param>
    /// <param name="value">A number, a text, a truth value, <see cref="Fields"/>, a list of these, or null.</param>
    /// <param name="text">How people read it; null: by its type.</param>
    public Report Fact(string? key, string? label, object? value, string? text = null) => Fact(new(key, label, value) { Text = text });

    /// <summary>Adds a named value.</summary>
    public Report Fact(Fact fact)
    {
        _facts.Add(fact);
        return this;
    }

    /// <summary>Adds a table.</summary>
    public Report Table(Table table)
    {
        _tables.Add(table);
        return this;
    }

    /// <summary>Adds a chart; one without anything finite to draw is left out.</summary>
    public Report Chart(Chart chart)
    {
        _charts.Add(chart);
        return this;
    }

    /// <summary>Adds a sentence for people.</summary>
    public Report Note(string sentence, bool isWarning = false)
    {
        _notes.Add(new(sentence, isWarning));
        return this;
    }

    /// <summary>Says how the report came about.</summary>
    public Report From(Provenance provenance)
    {
        Provenance = provenance;
        return this;
    }
}

/// <summary>A named value.</summary>
/// <param name="Key">Its field in JSON; null: not there.</param>
/// <param name="Label">Its name for people, in lower case; null: not shown to them.</param>
/// <param name="Value">A number, a text, a truth value, <see cref="Fields"/>, a list of these, or null.</param>
public sealed record Fact(string? Key, string? Label, object? Value)
{
    /// <summary>The number that people see where the value is not one itself, with its error.</summary>
    public Quantity? Quantity { get; init; } = Value is double number ? new(number) : null;

    /// <summary>How people read it where that is not by its type.</summary>
    public string? Text { get; init; }

    /// <summary>Where it comes from: a method, its cost.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Whether it reached the tolerance asked for; it is marked where not.</summary>
    public bool Converged { get; init; } = true;

    /// <summary>The value with its error, as people read it.</summary>
    internal string Reading => Text ?? Quantity?.ToString() ?? Figures.Of(Value);
}

/// <summary>Named values: an object in JSON.</summary>
public sealed class Fields : OrderedDictionary<string, object?>;

/// <summary>A sentence for people.</summary>
/// <param name="Sentence">The sentence.</param>
/// <param name="IsWarning">Whether it says that something is not to be trusted.</param>
public sealed record Note(string Sentence, bool IsWarning);

/// <summary>How a report came about, and how to make it again.</summary>
/// <param name="Command">The command line.</param>
public sealed record Provenance(string Command)
{
    /// <summary>Quotient's version.</summary>
    public string Version { get; init; } = typeof(Provenance).Assembly.GetName().Version!.ToString(3);

    /// <summary>The device's id, such as <c>cuda:0</c>; null where nothing was computed.</summary>
    public string? Device { get; init; }

    /// <summary>The device's name, as its maker calls it.</summary>
    public string? DeviceName { get; init; }

    /// <summary>The arithmetic's precision; null where there is no one precision.</summary>
    public Precision? Precision { get; init; }

    /// <summary>The seed of every random number; null where there are none.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Products with the operator, or their equivalents, in all.</summary>
    public double? Products { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public double? Seconds { get; init; }
}
