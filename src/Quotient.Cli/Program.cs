using Quotient.Cli;

using var interrupt = new Interrupt();
return CommandRunner.Run(args, Terminal.OfProcess(interrupt.Token));
