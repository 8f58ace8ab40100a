using Quotient.Fuzz;

// Feeds damaged files and command lines to the library and to the command, and says what did not end as it must:
//   Quotient.Fuzz [--seed N] [--minutes M | --hours H | --cases N] [--only models,npz,…] [--failures FOLDER]
// One case again:
//   Quotient.Fuzz --seed N --only TARGET --case I
// The last line counts the cases; the exit code is 0 where all ended well.
if (Arguments.Parse(args, out string? wrong) is not { } arguments)
{
    Console.Error.WriteLine($"Quotient.Fuzz: {wrong}");
    return 2;
}

var targets = AllTargets.Named(arguments.Only);
try
{
    return new Session(targets, arguments, Console.Out).Run() ? 0 : 1;
}
finally
{
    targets.ForEach(target => target.Dispose());
}
