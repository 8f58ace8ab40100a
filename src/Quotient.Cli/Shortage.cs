using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Quotient.Cli;

/// <summary>
/// What the system denies a process besides memory, which the runtime tells in words of its own: too few threads, as too little memory;
/// too few open files, as parts of the program that are not there.
/// </summary>
/// <remarks>Written for a process that can load nothing more: nothing here is used that is not there from the start.</remarks>
internal static class Shortage
{
    private const int Defect = 1, BadInput = 2, StandardError = 2;

    /// <summary>By which Unix refuses a thread, and a file: EAGAIN and EMFILE.</summary>
    private const int TryAgain = 11, TooManyFiles = 24;

    /// <summary>The sentence of an error that comes of such a shortage; null for another.</summary>
    public static string? Of(Exception error) => error.GetBaseException() switch
    {
        FileNotFoundException { FileName: { } name } when IsPart(name) => NoPart(name, !FilesOpen()),
        FileLoadException { FileName: { } name } when IsPart(name) => NoPart(name, !FilesOpen()),
        IOException { HResult: TooManyFiles } => "this process may open no more files; allow it more (ulimit -n)",
        (OutOfMemoryException or IOException { HResult: TryAgain }) when !ThreadsStart() =>
            "the system gives this process no more threads; allow it more (ulimit -u), or end other programs",
        _ => null,
    };

    /// <summary>Writes the sentence of an error that nobody else can write any more, and returns the exit code.</summary>
    public static int LastWords(Exception error)
    {
        var cause = error.GetBaseException();
        string? denied = Of(error) ?? (cause as IOException)?.Message;
        string sentence = denied ?? $"a defect in quotient, not in your input: {cause.GetType().Name}, '{cause.Message}'";
        try
        {
            using var stream = new FileStream(new SafeFileHandle(StandardError, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes($"quotient: {sentence.ReplaceLineEndings(" ")}\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Nobody listens.
        }

        return denied is null ? Defect : BadInput;
    }

    /// <summary>Whether it is the name of an assembly, such as <c>System.Linq, Version=10.0.0.0, …</c>.</summary>
    private static bool IsPart(string name) => name.Contains(", Version=", StringComparison.Ordinal);

    private static string NoPart(string name, bool tooFewFiles) => $"{name[..name.IndexOf(',')]}, a part of the program, cannot be loaded: " + (tooFewFiles
        ? "this process may open too few files (ulimit -n)"
        : "there is too little memory for it (ulimit -v), or the installation is incomplete");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FilesOpen()
    {
        try
        {
            // An assembly takes a few at once.
            using SafeFileHandle one = File.OpenHandle(Environment.ProcessPath!), two = File.OpenHandle(Environment.ProcessPath!);
            using SafeFileHandle three = File.OpenHandle(Environment.ProcessPath!), four = File.OpenHandle(Environment.ProcessPath!);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool ThreadsStart()
    {
        try
        {
            var thread = new Thread(() => { });
            thread.Start();
            thread.Join();
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
