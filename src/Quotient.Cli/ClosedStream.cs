using System.Text;

namespace Quotient.Cli;

/// <summary>A stream that was closed before the process began.</summary>
internal sealed class ClosedStream : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("it is closed");
}
