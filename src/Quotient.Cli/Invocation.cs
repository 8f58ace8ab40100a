using System.CommandLine;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Reports;

namespace Quotient.Cli;

/// <summary>One run of a command: the values of its options and the terminal that it talks to.</summary>
internal sealed class Invocation(ParseResult parse, CommonOptions common, Terminal terminal)
{
    /// <summary>The terminal.</summary>
    public Terminal Terminal => terminal;

    /// <summary>Cancelled when the user wants it to end.</summary>
    public CancellationToken Stop => terminal.Stop;

    /// <summary>The arithmetic's precision.</summary>
    public Precision Precision => Get(common.Precision) == "double" ? Precision.Double : Precision.Single;

    /// <summary>Its name on the command line.</summary>
    public string PrecisionName => Get(common.Precision);

    /// <summary>The device asked for.</summary>
    public string Device => Get(common.Device)!;

    /// <summary>CPU threads; 0 for all.</summary>
    public int Threads => Get(common.Threads)!.Value;

    /// <summary>How matrices are multiplied in single precision.</summary>
    public MatrixPrecision MatrixPrecision => MatrixPrecisions.Parse(Get(common.MatrixPrecision));

    /// <summary>The seed.</summary>
    public ulong Seed => Get(common.Seed);

    /// <summary>Whether to print nothing but errors.</summary>
    public bool Quiet => Get(common.Quiet);

    /// <summary>Where to write JSON, if anywhere.</summary>
    public string? JsonFile => Get(common.Json);

    /// <summary>Where to write the page, if anywhere.</summary>
    public string? HtmlFile => Get(common.Html);

    /// <summary>Where named data sets are kept, if the user said so.</summary>
    public string? DataDirectory => Get(common.DataDirectory);

    /// <summary>The command line, ready to be pasted into a shell.</summary>
    public string CommandText => string.Join(' ', parse.Tokens.Select(token => Quoted(token.Value)).Prepend("quotient"));

    /// <summary>What the process returns when the command is done.</summary>
    public int ExitCode { get; set; }

    /// <summary>The value of an option; its default where it was not given.</summary>
    public T Get<T>(Option<T> option) => parse.GetValue(option)!;

    /// <summary>Whether the user gave an option, be it at its default.</summary>
    public bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>Opens the device asked for.</summary>
    public Engine OpenEngine() => Engine.Open(Device, Threads, MatrixPrecision);

    /// <summary>Begins to show progress.</summary>
    public ProgressDisplay ShowProgress() => new(terminal, Quiet);

    /// <summary>Opens data by its words, downloading a named set where it is not on this machine.</summary>
    public Dataset OpenData(string words, ProgressDisplay progress)
    {
        var stage = progress.Begin($"reading {words}");
        var relay = new Relay<DownloadProgress>(part => stage.Report(part.Total is { } all ? (double)part.Received / all : 0));
        return Dataset.Open(words, new() { DataDirectory = DataDirectory }, relay, Stop);
    }

    /// <summary>Prints a line of results, unless quiet.</summary>
    public void Say(string line)
    {
        if (!Quiet)
        {
            terminal.Output.WriteLine(line);
        }
    }

    /// <summary>Prints an analysis and writes the files that were asked for.</summary>
    public void Deliver(Analysis analysis)
    {
        var report = SpectrumReport.Of(analysis);
        if (JsonFile is { } json)
        {
            JsonWriter.Write(report, json);
        }

        if (HtmlFile is { } html)
        {
            HtmlWriter.Write(report, html);
        }

        Say(PlainTextWriter.ToText(report));
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,+@%".Contains(letter))
            ? word
            : $"'{word.Replace("'", @"'\''")}'";
}
