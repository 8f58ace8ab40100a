using System.CommandLine;
using System.Numerics;
using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Cli.Commands;

/// <summary>Multiplies a vector by a curvature matrix.</summary>
internal sealed class ProductCommand : EngineCommand
{
    private readonly ProblemOptions _problem = new();
    private readonly Option<string> _operator = ProblemOptions.Operator();
    private readonly InputOption _vector = OptionOf.Input(
        "--vector", "FILE", "The vector to multiply, flat, in PyTorch's order (.npy).");

    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the product (.npy).", true);

    public ProductCommand(CommonOptions common, Terminal terminal) : base(
        "product", "Multiply a vector by the Hessian or one of its relatives, over a whole data set.",
        "quotient product --operator hessian --model net.safetensors --data mnist:train --loss ce --vector v.npy --out hv.npy",
        common, terminal) =>
        Add([_operator, .. _problem.All, _vector, _out]);

    protected override void Run(Invocation run)
    {
        var sheet = run.Precision == Precision.Double ? Compute<double>(run) : Compute<float>(run);
        sheet.Deliver(run);
    }

    private Sheet Compute<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var progress = run.ShowProgress();
        var model = Model.Load(run.Get(_problem.Model)!);
        double[] v = ReadVector(run.Get(_vector)!, model);
        var converted = Convert<T>(v, run.Get(_vector)!);
        using var problem = Problem<T>.Open(run, _problem, model, progress);
        string name = run.Get(_operator);
        problem.ShowPass(progress.Begin($"{name} product"));
        double[] product = Array.ConvertAll(problem.Operator(name).Apply(converted), double.CreateChecked);
        Overflow.Check(product, $"{name} product", run.Precision);
        Npy.WriteVector(run.Get(_out)!, product, run.Precision);

        var (norm, productNorm) = (Problem<T>.Norm(v), Problem<T>.Norm(product));
        double? rayleigh = norm > 0 ? v.Zip(product, (a, b) => a / norm * (b / norm)).Sum() : null;
        string[][] rows =
        [
            ["norm of the vector", Figure.Of(norm)],
            ["norm of the product", Figure.Of(productNorm)],
            ["Rayleigh quotient", rayleigh is { } quotient ? Figure.Of(quotient) : "none of a zero vector"],
        ];
        var values = new
        {
            Operator = name,
            problem.Surrogate,
            problem.At.Loss,
            problem.At.Error,
            VectorNorm = norm,
            ProductNorm = productNorm,
            RayleighQuotient = rayleigh,
            Parameters = problem.At.Dimension,
            problem.At.Samples,
            problem.Seconds,
            Device = problem.Device.Id,
            DeviceName = problem.Device.Name,
            Precision = run.PrecisionName,
            run.Seed,
            Command = run.CommandText,
        };
        return new($"Product with the {name}", values, Grid.Of([.. problem.Rows(), .. rows]));
    }

    private static double[] ReadVector(string path, Model model)
    {
        double[] v = Npy.ReadVector(path);
        return v.LongLength == model.Network.ParameterCount
            ? v
            : throw new QuotientException(
                $"{path}: the vector has {v.LongLength} values, but the network {model.Network} has "
                + $"{model.Network.ParameterCount} parameters");
    }

    private static T[] Convert<T>(double[] v, string path) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var converted = Array.ConvertAll(v, T.CreateTruncating);
        int bad = Array.FindIndex(converted, value => !T.IsFinite(value));
        return bad < 0
            ? converted
            : throw new QuotientException($"{path}: value {bad} is {v[bad]:G6}, beyond single precision; use --precision double");
    }
}
