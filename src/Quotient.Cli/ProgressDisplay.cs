using System.Diagnostics;
using Spectre.Console;

namespace Quotient.Cli;

/// <summary>A stage of long work: what it is, and the share of it that is done, from 0 to 1.</summary>
internal sealed class ProgressStage(string name) : IProgress<double>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _done;

    /// <summary>What it is, and perhaps how it goes.</summary>
    public string Name { get; set; } = name;

    public double Done => Volatile.Read(ref _done);

    public void Report(double value) => Volatile.Write(ref _done, Math.Clamp(value, 0, 1));

    public override string ToString() => Done is > 0 and var done
        ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {done:P0} done, time left {Left(done)}")
        : Name;

    private string Left(double done) => _clock.Elapsed * ((1 - done) / done) is { TotalDays: < 1 } time
        ? time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)
        : "more than a day";
}

/// <summary>
/// Shows what long work is doing and the time that is left: a bar on a screen, a line now and then in a log. Nothing is
/// shown for work that ends within a second.
/// </summary>
internal sealed class ProgressDisplay : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Terminal _terminal;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread? _thread;
    private volatile ProgressStage? _stage;

    /// <summary>Begins to watch; <paramref name="quiet"/> shows nothing.</summary>
    public ProgressDisplay(Terminal terminal, bool quiet)
    {
        _terminal = terminal;
        _thread = quiet ? null : new Thread(Show) { IsBackground = true, Name = "progress" };
        try
        {
            _thread?.Start();
        }
        catch (OutOfMemoryException)
        {
            // The system gives no more threads: the work goes on unseen.
            _thread = null;
        }
    }

    /// <summary>Begins a stage of the work, which is told the share of it that is done.</summary>
    public ProgressStage Begin(string name) => _stage = new(name);

    /// <summary>Takes the bar away; once is enough.</summary>
    public void Dispose()
    {
        _ended.Set();
        _thread?.Join();
    }

    private void Show()
    {
        if (_ended.Wait(Patience))
        {
            return;
        }

        if (_terminal.Interactive)
        {
            _terminal.ErrorConsole().Progress().AutoClear(true).HideCompleted(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(ShowBar);
        }
        else
        {
            ShowLines();
        }
    }

    private void ShowBar(ProgressContext context)
    {
        ProgressStage? shown = null;
        ProgressTask? bar = null;
        do
        {
            var stage = _stage;
            if (stage is not null && stage != shown)
            {
                bar?.Value(1).StopTask();
                bar = context.AddTask(Markup.Escape(stage.Name), maxValue: 1);
                shown = stage;
            }

            if (bar is not null)
            {
                bar.Description = Markup.Escape(shown!.Name);
                bar.IsIndeterminate(shown.Done is 0);
                bar.Value = shown.Done;
            }
        }
        while (!_ended.Wait(Redraw));
    }

    private void ShowLines()
    {
        do
        {
            if (_stage is { } stage)
            {
                _terminal.Error.WriteLine(stage);
            }
        }
        while (!_ended.Wait(BetweenLines));
    }
}
