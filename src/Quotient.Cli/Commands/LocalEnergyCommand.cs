using Quotient.Reports;
using Quotient.Symmetry;

namespace Quotient.Cli.Commands;

/// <summary>Measures the flatness of a minimum by random perturbations of parameters.</summary>
internal sealed class LocalEnergyCommand() : EngineCommand(
    75, "local-energy", "Measure how much error and loss rise on average when parameters are perturbed at random.",
    "quotient local-energy --model net.safetensors --data mnist:train --noise multiplicative --levels 0.1,0.3,0.5")
{
    private static readonly string[] Kinds = [.. Enum.GetNames<Noise>().Select(name => name.ToLowerInvariant())];

    private readonly SubjectOptions _subject = new();
    private readonly Option<string> _noise = OptionOf.Choice(
        "--noise", "multiplicative: w + σ z∘w, biases too, z normal. additive: on weights scaled to standard form, σ relative to the norm of each "
        + "unit's weights and of the last layer, biases stay. flips: of binary weights, with probability p.", Kinds[0], Kinds);

    private readonly Option<string?> _levels = OptionOf.Text("--levels", "σ,σ,…", "Sizes of the noise: σ, or probabilities of flips.", StandardLevels);
    private readonly Option<int?> _draws = OptionOf.Whole("--draws", "Random draws of the noise, each taken at every level.", 1, 20);

    protected override IReadOnlyList<Option> Own => [.. _subject.All, _noise, _levels, _draws];

    private static string StandardLevels =>
        string.Join(',', new LocalEnergyOptions().Levels.Select(level => level.ToString(CultureInfo.InvariantCulture)));

    protected override Report Run(Invocation run)
    {
        var noise = (Noise)Array.IndexOf(Kinds, run.Get(_noise));
        bool flips = noise == Noise.Flips;
        var options = new LocalEnergyOptions
        {
            Noise = noise,
            Levels = NumberList.Read(
                "--levels", run.Get(_levels)!, flips ? "numbers from 0 to 1" : "numbers, 0 or more",
                level => double.IsFinite(level) && level >= 0 && (!flips || level <= 1)),
            Draws = run.Get(_draws)!.Value,
            Seed = run.Seed,
            Loss = _subject.Loss(run),
        };
        var model = _subject.Model(run);
        var data = _subject.Data(run);
        var curve = run.Engine.LocalEnergy(model, data, options, run.Precision, run.Begin("perturbed networks"), run.Stop);
        string caption = $"Means over {Figures.Count(options.Draws)} {(options.Draws == 1 ? "draw" : "draws")} of {Describe(noise)}.";
        return new Report("local-energy", "Local energy").Of(model.Network, data)
            .Loss(options.Loss.Name, curve.Base.Loss, curve.Base.Error)
            .Fact("noise", "noise", run.Get(_noise)).Fact("draws", "draws", options.Draws)
            .Energies(curve, flips ? "p" : "σ", caption);
    }

    private static string Describe(Noise noise) => noise switch
    {
        Noise.Multiplicative => "parameters w + σ z∘w",
        Noise.Additive => "noise σ, relative to the norm of each unit’s weights",
        _ => "binary weights negated with probability p",
    };
}
