using Quotient.Training;
using static System.FormattableString;

namespace Quotient.Cli;

/// <summary>The options that say how to step: the kinds of optimisers that are registered, and their settings.</summary>
internal sealed class OptimiserOptions
{
    private readonly Option<string> _optimiser = OptionOf.Choice(
        "--optimiser", $"{string.Join(", ", Optimiser.Kinds.All.Select(Described))}; binarynet for a binary --arch and sgd for others "
        + "unless given.", null, [.. Optimiser.Kinds.All.Select(kind => kind.Name)]);

    private readonly Option<string> _recipe = OptionOf.Choice(
        "--recipe", "Published settings of optimiser, rate, momentum, batch and epochs; options given explicitly take precedence.", null,
        Recipe.Names);

    private readonly IReadOnlyList<SettingOption> _settings;

    /// <summary>Makes an option of each setting; those of the most optimisers come first.</summary>
    public OptimiserOptions() => _settings =
    [
        .. from kind in Optimiser.Kinds.All
           from setting in kind.Settings
           where "--" + setting.Name != Epochs.Name
           group (kind.Name, setting) by setting.Name into owned
           orderby owned.Count() descending
           select SettingOption.Make(owned.Key, [.. owned]),
    ];

    public Option<string?> Schedule { get; } = OptionOf.Text(
        "--schedule", "STEPS",
        "Factors of the step size: 30:0.1,60:0.1 (after epochs 30 and 60), step:30:0.1 (after every 30), cosine:90 or constant.",
        "constant");

    public Option<int?> Epochs { get; } = OptionOf.Whole("--epochs", "Passes over the data; 0 writes the initial network.", 0, 10);

    public Option<int?> Batch { get; } = OptionOf.Whole("--batch", "Samples in a step.", 1, 128);

    /// <summary>All of them, in the order of the help page.</summary>
    public IReadOnlyList<Option> All =>
        [_recipe, Epochs, Batch, Schedule, _optimiser, .. _settings.Select(setting => setting.Option)];

    /// <summary>The optimiser, epochs and batch size asked for.</summary>
    /// <exception cref="QuotientException">An option was given that the optimiser does not have.</exception>
    public TrainingOptions Read(Invocation run, Network network)
    {
        var recipe = Recipe.Find(run.Get(_recipe));
        string name = run.Get(_optimiser) ?? recipe?.Optimiser ?? (network.Tensors.Any(tensor => tensor.IsBinary) ? "binarynet" : "sgd");
        var given = _settings.Where(setting => run.IsGiven(setting.Option))
            .ToDictionary(setting => setting.Name, setting => setting.Read(run));
        if (_settings.FirstOrDefault(setting => given.ContainsKey(setting.Name) && !setting.Of.Contains(name)) is { } foreign)
        {
            throw new QuotientException(
                $"--{foreign.Name} means nothing to --optimiser {name}; it is an option of {string.Join(", ", foreign.Of)}");
        }

        int epochs = run.IsGiven(Epochs) ? run.Get(Epochs)!.Value : recipe?.Epochs ?? run.Get(Epochs)!.Value;
        return new()
        {
            Optimiser = Make(Optimiser.Kinds[name], given, epochs, recipe?.Optimiser == name ? recipe : null),
            Epochs = epochs,
            BatchSize = run.IsGiven(Batch) ? run.Get(Batch)!.Value : recipe?.Batch ?? run.Get(Batch)!.Value,
            Schedule = Training.Schedule.Parse(run.Get(Schedule)!),
        };
    }

    private static Optimiser Make(Kind<Optimiser> kind, Dictionary<string, double> given, int epochs, Recipe? recipe)
    {
        if (kind.Settings.Any(setting => setting.Name == "epochs"))
        {
            given["epochs"] = epochs;
        }

        return recipe is null ? kind.Make(given) : recipe.Make(kind, given);
    }

    private static string Described(Kind<Optimiser> kind) => kind.Help.Length == 0 ? kind.Name : $"{kind.Name} ({kind.Help})";

    /// <summary>The option of a setting, which the optimisers named have, each with a standard of its own.</summary>
    private sealed record SettingOption(string Name, IReadOnlyList<string> Of, Option Option, Func<Invocation, double> Read)
    {
        public static SettingOption Make(string name, IReadOnlyList<(string Of, Setting Setting)> owned)
        {
            string[] owners = [.. owned.Select(one => one.Of)];
            var setting = owned[0].Setting;
            var standards = owned.GroupBy(one => one.Setting.Standard, one => one.Of).OrderBy(group => group.Key).ToList();
            double? standard = standards.Count == 1 ? setting.Standard : null;
            string of = standard is null
                ? string.Join(", ", standards.Select(group => Invariant($"{group.Key} for {Sentence.And(group)}"))) + " unless given"
                : $"of {Sentence.And(owners)}";
            string help = $"{setting.Help}; {of}.";
            if (setting.Least is { } least)
            {
                var whole = OptionOf.Whole("--" + name, help, least, (int?)standard);
                return new(name, owners, whole, run => run.Get(whole)!.Value);
            }

            var real = OptionOf.Real("--" + name, help, setting.Wanted, setting.Accepts, standard);
            return new(name, owners, real, run => run.Get(real)!.Value);
        }
    }
}
