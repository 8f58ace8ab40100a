using System.Runtime.InteropServices;
using Quotient.Files;

namespace Quotient.Cli;

/// <summary>
/// Turns Ctrl-C, a polite kill and the end of a terminal into a cancellation, and ends the process where the work does not stop in
/// time: a long product or a slow disk must not hold the user up.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    /// <summary>How long work may take to stop by itself; with the clean-up it stays within a second.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    /// <summary>By which Unix ends a process that writes beyond its limit of file size (SIGXFSZ), unless it is caught: then the write fails.</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;
    private volatile bool _ended;

    public Interrupt() => _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop)),
        .. OperatingSystem.IsWindows() ? [] : new[] { PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true) },
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _ended = true;
        Array.ForEach(_signals, signal => signal.Dispose());
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = Task.Delay(_stop.IsCancellationRequested ? TimeSpan.Zero : Grace).ContinueWith(_ => EndNow(), TaskScheduler.Default);
        _stop.Cancel();
    }

    private void EndNow()
    {
        if (!_ended)
        {
            WholeFile.RemoveUnfinished();
            Environment.Exit(Failure.ReportStopped(Terminal.OfProcess(CancellationToken.None)));
        }
    }
}
