using System.CommandLine;

namespace Quotient.Cli;

/// <summary>The options that say which function is differentiated: a model, data and a loss.</summary>
internal sealed class ProblemOptions
{
    /// <summary>The model file.</summary>
    public InputOption Model { get; } = NewModel();

    /// <summary>The data set's words.</summary>
    public InputOption Data { get; } = NewData();

    /// <summary>The loss.</summary>
    public Option<string> Loss { get; } = NewLoss();

    /// <summary>Mean or sum.</summary>
    public Option<string> Reduction { get; } = OptionOf.Choice(
        "--reduction", "Whether the loss is the mean or the sum over samples.", "mean", "mean", "sum");

    /// <summary>What stands for a binary network.</summary>
    public Option<string> Surrogate { get; } = OptionOf.Choice(
        "--surrogate", "What stands for a network of signs, which has no curvature itself: hard tanhs at the real shadow weights, or at the "
        + "binary ones.", "none", "none", "binary-weights", "hard-tanh-shadow", "hard-tanh-binary");

    /// <summary>Which curvature matrix.</summary>
    public static Option<string> Operator() => OptionOf.Choice(
        "--operator", "hessian; gauss-newton: without second derivatives of the net; fisher: of the model's own labels; "
        + "empirical-fisher: of the data's labels.", "hessian", "hessian", "gauss-newton", "fisher", "empirical-fisher");

    /// <summary>The option that names a model file.</summary>
    public static InputOption NewModel() => OptionOf.Input(
        "--model", "FILE", "The network (.safetensors), as 'quotient train' or PyTorch writes it.");

    /// <summary>The option that names a data set.</summary>
    public static InputOption NewData() => OptionOf.Input(
        "--data", "DATA", "mnist:train, mnist:train[0:2000], file.npz, file.csv, strokes … ('quotient --help' lists them).");

    /// <summary>The option that names a loss.</summary>
    public static Option<string> NewLoss() => OptionOf.Named(
        "--loss", "LOSS", $"{string.Join("; ", Quotient.Loss.Kinds.All.Select(kind => $"{kind.Name}: {kind.Help}"))}; a mean over samples.",
        Quotient.Loss.CrossEntropy.Name, Quotient.Loss.Kinds);

    /// <summary>All of them, in the order of the help page.</summary>
    public IReadOnlyList<Option> All => [Model, Data, Loss, Reduction, Surrogate];
}
