using Quotient.Reports;
using Quotient.Symmetry;

namespace Quotient.Cli.Commands;

/// <summary>Writes a network in standard form.</summary>
internal sealed class NormaliseCommand() : EngineCommand(
    72, "normalise", "Bring a network into standard form: unit norms in place of the scales that change no output, batch norms folded.",
    "quotient normalise --model net.safetensors --out normalised.safetensors")
{
    /// <summary>Of outputs, relative to the largest: more than rounding of parameters to single precision changes.</summary>
    private const double MostDifference = 1e-3;

    private readonly ModelOptions _model = new();
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the network in standard form.", true);
    private readonly Option<string?> _lastNorm = OptionOf.Text(
        "--last-norm", "1|sqrt-classes|none", "The norm of the last layer's weights: a number, the root of the number of classes, or its own.", "1");

    private readonly Option<bool> _biasInNorm = OptionOf.Flag("--bias-in-norm", "Count a unit's bias in its norm.");
    private readonly Option<bool> _centre = OptionOf.Flag(
        "--centre", "Take the mean over classes from the last layer, which cross-entropy does not see.");

    protected override IReadOnlyList<Option> Own => [.. _model.All, _out, _lastNorm, _biasInNorm, _centre];

    protected override Report Run(Invocation run)
    {
        string path = run.Get(_out)!;
        var model = _model.Load(run);
        var options = new StandardFormOptions
        {
            LastNorm = LastNorm(run.Get(_lastNorm)!, model.Network.Output.Size),
            BiasInNorm = run.Get(_biasInNorm),
            Centre = run.Get(_centre),
        };
        var form = StandardForm.Of(model, options);
        var written = form.Model.In(Precision.Double).In(model.Stored);
        written.CheckSavable(path);
        var check = OutputComparison.Of(
            run.Engine, model, written, new() { Seed = run.Seed, Scale = form.LogitScale, IgnoresShift = options.Centre }, run.Begin("comparing outputs"),
            run.Stop);
        if (!(check.LargestDifference <= MostDifference))
        {
            throw new QuotientException(
                $"in {model.Stored.ToString().ToLowerInvariant()} precision the standard form's outputs would differ from the network's by "
                + $"{check.LargestDifference:0.0e+0} of the largest; choose another --last-norm, or a network in double precision");
        }

        run.Files.Add((path, (_, file) => written.Save(file)));
        return ReportOf(form, check).Fact("output", "model", path);
    }

    private static Report ReportOf(StandardForm form, OutputComparison check)
    {
        var report = new Report("normalisation", "Standard form")
            .Fact("network", "network", form.Model.Network.ToString())
            .Fact("parameters", "parameters", form.Model.Network.ParameterCount)
            .Fact("spheres", "spheres", form.Spheres.Count)
            .Fact("logitScale", "outputs were multiplied by", form.LogitScale, $"1 / {Figures.Of(form.LogitScale)}")
            .Fact("foldedNorms", form.FoldedNorms > 0 ? "batch norms folded" : null, form.FoldedNorms)
            .Fact("keptNorms", form.KeptNorms > 0 ? "batch norms kept" : null, form.KeptNorms)
            .Fact("silent", form.Silent.Count > 0 ? "units without incoming weights" : null,
                form.Silent.Select(unit => new Fields(("layer", unit.Layer), ("unit", unit.Unit), ("folded", unit.IsFolded))),
                $"{form.Silent.Count}, {form.Silent.Count(unit => unit.IsFolded)} folded into biases")
            .Fact("largestOutputDifference", "largest difference of outputs", check.LargestDifference, $"{check.LargestDifference:0.0e+0} of the largest")
            .Fact("classesChanged", "classes changed", check.ClassesChanged)
            .Fact("inputs", "compared on", check.Inputs);
        return form.Spheres.Count == 0 ? report.Note("No unit of this network has a scale that its outputs do not see.") : report;
    }

    private static double? LastNorm(string words, int classes) => words switch
    {
        "none" => null,
        "sqrt-classes" => Math.Sqrt(classes),
        _ when double.TryParse(words, NumberStyles.Float, CultureInfo.InvariantCulture, out double norm) && norm > 0 && double.IsFinite(norm) => norm,
        _ => throw new QuotientException($"--last-norm is '{words}'; it must be a number above 0, sqrt-classes or none"),
    };
}
