using System.Runtime.InteropServices;
using System.Text;

namespace Quotient.Cli;

/// <summary>What was handed to this process as its standard streams.</summary>
internal static partial class StandardStream
{
    private const int GetFlags = 1, CloseOnExec = 1;

    /// <summary>
    /// Whether a standard stream was open when the process began. The runtime and drivers take the number of one that was not for
    /// files of their own, which must not be written to; it shows by the flag with which they open them.
    /// </summary>
    public static bool IsOpen(int descriptor) => OperatingSystem.IsWindows() || (Control(descriptor, GetFlags) & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);
}

/// <summary>A stream that was closed before the process began.</summary>
internal sealed class ClosedStream : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("it is closed");
}
