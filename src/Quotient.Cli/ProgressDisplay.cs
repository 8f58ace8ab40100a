using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Quotient.Cli;

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
    private volatile Stage? _stage;

    /// <summary>Begins to watch; <paramref name="quiet"/> shows nothing.</summary>
    public ProgressDisplay(Terminal terminal, bool quiet)
    {
        _terminal = terminal;
        if (!quiet)
        {
            _thread = new Thread(Show) { IsBackground = true, Name = "progress" };
            _thread.Start();
        }
    }

    /// <summary>Begins a stage of the work, which reports the share of it that is done, from 0 to 1.</summary>
    public IProgress<double> Begin(string name)
    {
        var stage = new Stage(name);
        _stage = stage;
        return stage;
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        _ended.Set();
        _thread?.Join();
        _ended.Dispose();
    }

    private void Show()
    {
        if (_ended.Wait(Patience))
        {
            return;
        }

        if (_terminal.Interactive)
        {
            ShowBar();
        }
        else
        {
            ShowLines();
        }
    }

    private void ShowBar() => _terminal.ErrorConsole().Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .Start(context =>
        {
            Stage? shown = null;
            ProgressTask? bar = null;
            do
            {
                var stage = _stage;
                if (stage is not null && stage != shown)
                {
                    bar?.StopTask();
                    bar = context.AddTask(Markup.Escape(stage.Name), maxValue: 1);
                    shown = stage;
                }

                if (bar is not null)
                {
                    bar.IsIndeterminate(shown!.Done is 0);
                    bar.Value = shown.Done;
                }
            }
            while (!_ended.Wait(Redraw));
        });

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

    private sealed class Stage(string name) : IProgress<double>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private double _done;

        public string Name => name;

        public double Done => Volatile.Read(ref _done);

        public void Report(double value) => Volatile.Write(ref _done, Math.Clamp(value, 0, 1));

        public override string ToString()
        {
            double done = Done;
            return done > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{name}: {done:P0} done, time left {Left(done)}")
                : name;
        }

        private string Left(double done) => _clock.Elapsed * ((1 - done) / done) is { TotalDays: < 1 } time
            ? time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)
            : "more than a day";
    }
}

/// <summary>Passes reports on at once, on the thread that makes them.</summary>
internal sealed class Relay<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
