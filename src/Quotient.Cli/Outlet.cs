using System.Text;
using Quotient.Reports;

namespace Quotient.Cli;

/// <summary>
/// The one way out to a stream of the terminal. Nothing that steers a screen passes, whoever's words it is in; and a stream that cannot
/// be written ends what is shown, not the work: the first failure is kept, and nothing more is written.
/// </summary>
/// <param name="stream">Where to.</param>
/// <param name="isPlain">Whether lines of text are all that passes.</param>
internal sealed class Outlet(TextWriter stream, bool isPlain = true) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>What went wrong first; null if nothing did.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => stream.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => Try(() => stream.Write(isPlain ? Lines(value) : value));

    // As one piece, for no other thread to write between a line and its end.
    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush() => Try(stream.Flush);

    private string Lines(string? text) =>
        string.Join(NewLine, (text ?? "").Split('\n').Select(line => PlainTextWriter.Line(line.TrimEnd('\r'))));

    private void Try(Action write)
    {
        try
        {
            if (Failure is null)
            {
                write();
            }
        }
#pragma warning disable CA1031 // Bars are drawn by threads, and what leaves a thread ends the process and all its work.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failure = error;
        }
    }
}
