using Quotient.Networks;

namespace Quotient.Cli;

/// <summary>The options that name a model.</summary>
internal sealed class ModelOptions
{
    private readonly InputOption _model = OptionOf.Input(
        "--model", "FILE", "The network: .safetensors, as 'quotient train' writes it or from a PyTorch state_dict; or .onnx.");

    private readonly Option<string?> _arch = OptionOf.Text(
        "--arch", "ARCH", "What the network is, as 'quotient train' takes it, for a state_dict, whose file does not say: lenet, 784-512-10, …");

    /// <summary>All of them, in the order of the help page.</summary>
    public IReadOnlyList<Option> All => [_model, _arch];

    /// <summary>The model's file.</summary>
    public string File(Invocation run) => run.Get(_model)!;

    /// <summary>Reads the model.</summary>
    public Model Load(Invocation run) => Load(run, File(run));

    /// <summary>Reads another model of the same architecture.</summary>
    public Model Load(Invocation run, InputOption other) => Load(run, run.Get(other)!);

    /// <summary>Reads another model of the same architecture.</summary>
    public Model Load(Invocation run, string file) => Model.Load(file, run.Get(_arch) is { } architecture ? Network.Parse(architecture) : null);
}

/// <summary>The options that name a model, data and a loss.</summary>
internal class SubjectOptions
{
    private readonly ModelOptions _model = new();

    private readonly InputOption _data = OptionOf.Input(
        "--data", "DATA", "The data: mnist:train, mnist:train[0:2000], file.npz, file.csv, strokes, …; 'quotient --help' lists all.");

    private readonly Option<string> _loss = NewLoss();

    /// <summary>All of them, in the order of the help page.</summary>
    public virtual IReadOnlyList<Option> All => [.. _model.All, _data, _loss];

    /// <summary>The option that names a loss.</summary>
    public static Option<string> NewLoss() => OptionOf.Named(
        "--loss", "LOSS", $"The loss, a mean over samples. {string.Join("; ", Quotient.Loss.Kinds.All.Select(kind => $"{kind.Name}: {kind.Help}"))}.",
        Quotient.Loss.CrossEntropy.Name, Quotient.Loss.Kinds);

    /// <summary>The model's file.</summary>
    public string File(Invocation run) => _model.File(run);

    /// <summary>Reads the model.</summary>
    public Model Model(Invocation run) => _model.Load(run);

    /// <summary>Reads another model of the same architecture.</summary>
    public Model Model(Invocation run, InputOption other) => _model.Load(run, run.Get(other)!);

    /// <summary>The loss.</summary>
    public Loss Loss(Invocation run) => Quotient.Loss.Parse(run.Get(_loss));

    /// <summary>Reads the data.</summary>
    public Dataset Data(Invocation run) => run.OpenData(run.Get(_data)!);
}

/// <summary>The options that say which function is differentiated.</summary>
internal sealed class ProblemOptions : SubjectOptions
{
    private readonly Option<string> _reduction = OptionOf.Choice(
        "--reduction", "Whether the loss is a mean or a sum over samples.", "mean", [.. Problem.Reductions]);

    private readonly Option<string> _surrogate = OptionOf.Choice(
        "--surrogate", "The differentiable network that replaces a network of signs, whose own curvature is zero. hard-tanh-shadow: hard tanhs "
        + "at the real shadow weights; hard-tanh-binary: at the weights of ±1; binary-weights: weights of ±1 as real numbers.", "none", [.. Enum.GetValues<Surrogate>().Select(surrogate => surrogate.Name())]);

    /// <inheritdoc/>
    public override IReadOnlyList<Option> All => [.. base.All, _reduction, _surrogate];

    /// <summary>The option that names a curvature matrix.</summary>
    public static Option<string> NewOperator() => OptionOf.Choice(
        "--operator", "The curvature matrix. gauss-newton: the Hessian without second derivatives of the network; fisher: averaged over labels "
        + "drawn from the model; empirical-fisher: at the data's labels.", "hessian", [.. Problem.Operators]);

    /// <summary>Reads the data and linearises a model, on the device asked for.</summary>
    public Problem Pose(Invocation run, Model model)
    {
        var engine = run.Engine;
        var data = Data(run);
        run.StartClock();
        var progress = run.Begin("linearising");
        return engine.Pose(
            model, data, Loss(run).Name, run.Get(_reduction), run.Get(_surrogate), run.PrecisionName, progress, run.Stop);
    }
}
