using System.CommandLine;
using Quotient.Training;

namespace Quotient.Cli;

/// <summary>The options that say how to step.</summary>
internal sealed class OptimiserOptions
{
    private readonly Option<string> _optimiser = OptionOf.Choice(
        "--optimiser", "sgd: stochastic gradient descent with Nesterov momentum; adam.", "sgd", "sgd", "adam");

    private readonly Option<double?> _rate = OptionOf.Real(
        "--learning-rate", "Step size; 0.1 for sgd and 0.001 for adam unless given.", "a number above 0", value => value > 0);

    private readonly Option<double?> _momentum = OptionOf.Real(
        "--momentum", "Momentum of sgd; 0.9 unless given.", "a number from 0 to below 1", value => value is >= 0 and < 1);

    private readonly Option<double?> _decay = OptionOf.Real(
        "--weight-decay", "Times the parameters is added to the gradient.", "a number, 0 or more", value => value >= 0, 0);

    /// <summary>The factors of the step size.</summary>
    public Option<string?> Schedule { get; } = OptionOf.Text(
        "--schedule", "STEPS",
        "Factors of the step size: 30:0.1,60:0.1 (after epochs 30 and 60), step:30:0.1 (after every 30), cosine:90 or constant.",
        "constant");

    /// <summary>All of them, in the order of the help page.</summary>
    public IReadOnlyList<Option> All => [_optimiser, _rate, _momentum, _decay, Schedule];

    /// <summary>The optimiser asked for.</summary>
    public Optimiser Read(Invocation run)
    {
        double decay = run.Get(_decay)!.Value;
        if (run.Get(_optimiser) == "sgd")
        {
            return new Sgd(run.Get(_rate) ?? 0.1, run.Get(_momentum) ?? 0.9, WeightDecay: decay);
        }

        return run.Get(_momentum) is null
            ? new Adam(run.Get(_rate) ?? 0.001, WeightDecay: decay)
            : throw new QuotientException("--momentum is an option of --optimiser sgd; adam has its own");
    }
}
