using Quotient.Cli;

using var interrupt = new Interrupt();
return QuotientCommand.Run(args, Terminal.OfProcess(interrupt.Token));
