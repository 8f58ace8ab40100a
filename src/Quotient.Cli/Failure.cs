using System.Text.RegularExpressions;
using Quotient.Backends;

namespace Quotient.Cli;

/// <summary>The one place where what went wrong becomes one sentence on standard error and an exit code.</summary>
internal static partial class Failure
{
    /// <summary>Bad input: a file, a field, an argument.</summary>
    public const int BadInput = 2;

    /// <summary>A defect of this program, or a device that fails.</summary>
    public const int Defect = 1;

    /// <summary>Stopped by the user, as shells count it: 128 + SIGINT.</summary>
    public const int Stopped = 130;

    /// <summary>Writes the sentence for <paramref name="error"/> and returns the exit code.</summary>
    public static int Report(Exception error, Terminal terminal)
    {
        if (error is OperationCanceledException && terminal.Stop.IsCancellationRequested)
        {
            return ReportStopped(terminal);
        }

        if (error is AggregateException { InnerException: { } inner } aggregate)
        {
            var cancelled = aggregate.Flatten().InnerExceptions.FirstOrDefault(one => one is OperationCanceledException);
            return Report(cancelled ?? inner, terminal);
        }

        var (sentence, code) = Explain(error);
        terminal.Error.WriteLine($"quotient: {OneLine(sentence)}");
        return code;
    }

    /// <summary>Says that the work was stopped.</summary>
    public static int ReportStopped(Terminal terminal)
    {
        // A bar that was being drawn had hidden the cursor.
        terminal.Error.WriteLine(terminal.Interactive ? "\e[?25h\r\e[Kquotient: stopped" : "quotient: stopped");
        return Stopped;
    }

    private static (string Sentence, int Code) Explain(Exception error) => error switch
    {
        QuotientException => (error.Message, BadInput),
        FileNotFoundException { FileName: { Length: > 0 } file } => ($"'{file}' does not exist", BadInput),
        IOException or UnauthorizedAccessException => (error.Message, BadInput),
        OutOfMemoryException or DeviceOutOfMemoryException => (
            "there is not enough memory for this; use fewer samples (such as --data mnist:train[0:1000]), fewer eigenvalues or "
            + "--precision single", BadInput),
        DeviceException => (error.Message, Defect),
        _ => (
            $"a defect in quotient, not in your input: {error.GetType().Name}, '{error.Message}'; please report it with the "
            + "command line", Defect),
    };

    private static string OneLine(string text) => WhiteSpace().Replace(text.Trim(), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
