using System.Diagnostics;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Reports;

namespace Quotient.Cli;

/// <summary>One run of a command: the values of its options, the device, and the terminal that it talks to.</summary>
internal sealed class Invocation(ParseResult parse, CommonOptions common, Terminal terminal, OutputPaths outputs) : IDisposable
{
    private readonly ProgressDisplay _progress = new(terminal, parse.GetValue(common.Quiet));
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private Engine? _engine;

    /// <summary>Cancelled when the user wants it to end.</summary>
    public CancellationToken Stop => terminal.Stop;

    public Precision Precision => PrecisionName == "double" ? Precision.Double : Precision.Single;

    public string PrecisionName => Get(common.Precision);

    public ulong Seed => Get(common.Seed);

    /// <summary>The device asked for.</summary>
    public string Device => Get(common.Device)!;

    /// <summary>How it is opened.</summary>
    public BackendOptions Options => new(Get(common.Threads)!.Value, MatrixPrecisions.Parse(Get(common.MatrixPrecision)));

    /// <summary>Where named data sets are kept.</summary>
    public DataOptions Data => new() { DataDirectory = Get(common.DataDirectory) };

    /// <summary>The device asked for, opened when it is first needed.</summary>
    public Engine Engine => _engine ??= Engine.Open(Device, Options.Threads, Options.Products);

    /// <summary>What the process returns when the command is done.</summary>
    public int ExitCode { get; set; }

    /// <summary>Files to be written when all is done, before those of the options that every command has.</summary>
    public List<(string? Path, Action<Report, string> Write)> Files { get; } = [];

    /// <summary>The files that it reads and writes.</summary>
    public OutputPaths Outputs => outputs;

    /// <summary>What is printed after the results.</summary>
    public string? Closing { get; set; }

    /// <summary>The value of an option; its default where it was not given.</summary>
    public T Get<T>(Option<T> option) => parse.GetValue(option)!;

    /// <summary>The value of what stands at a place of the command line.</summary>
    public T Get<T>(Argument<T> place) => parse.GetValue(place)!;

    /// <summary>Whether the user gave an option, be it at its default.</summary>
    public bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>Begins a stage of the work, which is told the share of it that is done.</summary>
    public ProgressStage Begin(string name) => _progress.Begin(name);

    /// <summary>Begins work whose reports name its stages: the stage, what else is to be said of it, and the share that is done.</summary>
    public IProgress<T> Begin<T>(string name, Func<T, (string Stage, string Detail, double Done)> read)
    {
        string current = name;
        var shown = Begin(name);
        return new Relay<T>(report =>
        {
            var (stage, detail, done) = read(report);
            if (stage != current)
            {
                shown = Begin(current = stage);
            }

            shown.Name = stage + detail;
            shown.Report(done);
        });
    }

    /// <summary>Starts to count the seconds that the report tells.</summary>
    public void StartClock() => _clock.Restart();

    /// <summary>Opens data by its words, downloading a named set where it is not on this machine.</summary>
    public Dataset OpenData(string words)
    {
        var stage = Begin($"reading {words}");
        var relay = new Relay<DownloadProgress>(part => stage.Report(part.Total is { } all ? (double)part.Received / all : 0));
        return Dataset.Open(words, Data, relay, Stop);
    }

    /// <summary>Prints results, unless quiet.</summary>
    public void Say(string? text)
    {
        if (text is not null && !Get(common.Quiet))
        {
            terminal.Output.WriteLine(text);
        }
    }

    /// <summary>Says what makes devices slower here than they need be, each thing once.</summary>
    public static void AddNotes(Report report, IEnumerable<string> notes) => notes.Distinct().ToList().ForEach(note => report.Note(note));

    /// <summary>
    /// Refuses a report that holds what is no number, says how it came about, writes the files that were asked for, and prints it.
    /// One file that cannot be written keeps back none of the rest.
    /// </summary>
    public void Deliver(Report report)
    {
        _progress.Dispose();
        report.RequireFinite(Precision);
        var device = _engine?.Backend.Device;
        var known = report.Provenance ?? new("");
        report.From(known with
        {
            Command = string.Join(' ', parse.Tokens.Select(token => Quoted(token.Value)).Prepend("quotient")),
            Device = device?.Id ?? known.Device,
            DeviceName = device?.Name ?? known.DeviceName,
            Precision = device is null ? null : Precision,
            Seed = device is null ? null : Seed,
            Seconds = _clock.Elapsed.TotalSeconds,
        });
        AddNotes(report, _engine?.Notes ?? []);
        Files.AddRange(common.Files.Select(file => (Get(file.Option), file.Write)));
        var refused = Files.Where(file => file.Path is not null).Select(file => Refusal(() => file.Write(report, file.Path!))).ToList();
        Say(PlainTextWriter.ToText(report));
        Say(Closing);
        if (refused.Find(error => error is not null) is { } first)
        {
            throw first;
        }
    }

    public void Dispose()
    {
        _progress.Dispose();
        _engine?.Dispose();
    }

    private static QuotientException? Refusal(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (QuotientException error)
        {
            return error;
        }
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,+@%".Contains(letter))
            ? word
            : $"'{word.Replace("'", @"'\''")}'";
}
