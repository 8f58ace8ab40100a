using System.Runtime.CompilerServices;
using Quotient.Cli;

// Threads of the runtime's own, such as those of downloads, have nobody else to tell.
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => Environment.Exit(Shortage.LastWords((Exception)unhandled.ExceptionObject));
try
{
    return Run(args);
}
#pragma warning disable CA1031 // What is thrown before there is a terminal, or by the terminal, still has to become a sentence.
catch (Exception error)
#pragma warning restore CA1031
{
    return Shortage.LastWords(error);
}

// Apart, so that what it needs is loaded within the try.
[MethodImpl(MethodImplOptions.NoInlining)]
static int Run(string[] args)
{
    using var interrupt = new Interrupt();
    return QuotientCommand.Run(args, Terminal.OfProcess(interrupt.Token));
}
