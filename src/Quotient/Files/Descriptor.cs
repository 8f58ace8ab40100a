using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quotient.Files;

/// <summary>Streams that were handed to this process, by their numbers: 1 is standard output, 2 standard error.</summary>
public static partial class Descriptor
{
    private const int GetFlags = 1, CloseOnExec = 1;

    /// <summary>
    /// Whether a stream was open when the process began. The runtime and drivers take the number of one that was not for files of
    /// their own, which must not be written to; it shows by the flag with which they open them.
    /// </summary>
    public static bool IsInherited(int number) => OperatingSystem.IsWindows() || (Control(number, GetFlags) & CloseOnExec) == 0;

    /// <summary>A stream to write to, at the place where others of that number write on.</summary>
    internal static Stream Open(int number) => number switch
    {
        1 => Console.OpenStandardOutput(),
        2 => Console.OpenStandardError(),
        _ => new FileStream(new SafeFileHandle(number, ownsHandle: false), FileAccess.Write, bufferSize: 0),
    };

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int number, int command);
}
