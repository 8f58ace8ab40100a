using Quotient.Data;
using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Multiplies a vector by a curvature matrix.</summary>
internal sealed class ProductCommand() : EngineCommand(
    50, "product", "Multiply a vector by the Hessian or one of its relatives, over a whole data set.",
    "quotient product --operator hessian --model net.safetensors --data mnist:train --loss ce --vector v.npy --out hv.npy")
{
    private readonly ProblemOptions _problem = new();
    private readonly Option<string> _operator = ProblemOptions.NewOperator();
    private readonly InputOption _vector = OptionOf.Input(
        "--vector", "FILE", "The vector to multiply, flat, in PyTorch's order (.npy).");

    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the product (.npy).", true);

    protected override IReadOnlyList<Option> Own => [_operator, .. _problem.All, _vector, _out];

    protected override Report Run(Invocation run)
    {
        var model = _problem.Model(run);
        double[] v = ReadVector(run, model);
        string matrix = run.Get(_operator);
        using var problem = _problem.Pose(run, model);
        double[] product = problem.Product(matrix, v, run.Begin($"{matrix} product"), run.Stop);
        run.Files.Add((run.Get(_out), (_, path) => Npy.WriteVector(path, product, run.Precision)));
        double? error = problem.ProductError(matrix, v, product, run.Begin($"{matrix} product in double"), run.Stop);
        var (norm, productNorm) = (Problem.Norm(v), Problem.Norm(product));
        double? rayleigh = norm > 0 ? v.Zip(product, (a, b) => a / norm * (b / norm)).Sum() : null;
        return new Report("product", $"Product with the {matrix}").Fact("operator", null, matrix).Of(problem)
            .Fact("vectorNorm", "norm of the vector", norm)
            .Fact(new("productNorm", "norm of the product", productNorm) { Quantity = new(productNorm, error ?? 0) })
            .Fact("productError", null, error)
            .Fact("rayleighQuotient", "Rayleigh quotient", rayleigh, rayleigh is null ? "none of a zero vector" : null);
    }

    /// <summary>Reads the vector and refuses one that does not fit, by its header alone, before the data are read.</summary>
    private double[] ReadVector(Invocation run, Model model)
    {
        string path = run.Get(_vector)!;
        if (Npy.ReadShape(path) is [var count] && count != model.Network.ParameterCount)
        {
            throw new QuotientException(
                $"{path}: the vector has {count} values, but the network {model.Network} has {model.Network.ParameterCount} parameters");
        }

        double[] v = Npy.ReadVector(path);
        int bad = run.Precision == Precision.Single ? Array.FindIndex(v, value => !float.IsFinite((float)value)) : -1;
        return bad < 0
            ? v
            : throw new QuotientException($"{path}: value {bad} is {v[bad]:G6}, beyond single precision; use --precision double");
    }
}
