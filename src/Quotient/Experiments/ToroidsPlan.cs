using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

namespace Quotient.Experiments;

/// <summary>What <see cref="Toroids"/> trains and measures.</summary>
/// <param name="Studies">The nets.</param>
/// <param name="Seeds">Nets of each group.</param>
/// <param name="Landscape">What is measured of them.</param>
/// <param name="Bends">Pairs of each group that are joined by a path with one bend.</param>
/// <param name="BendEpochs">Epochs for which the bend is trained.</param>
internal sealed record ToroidsPlan(IReadOnlyList<ToroidsStudy> Studies, int Seeds, LandscapeOptions Landscape, int Bends, int BendEpochs)
{
    public const string Small = "small", Large = "large";

    /// <summary>The plan of a size.</summary>
    public static ToroidsPlan Of(ExperimentOptions options)
    {
        bool isLarge = options.Size == Large;
        return new(
            [.. options.DataSets.SelectMany(data => isLarge ? LargeStudies(data) : SmallStudies(data))],
            options.Seeds ?? (isLarge ? 10 : 5),
            new() { Points = isLarge ? 25 : 11, Draws = isLarge ? 50 : 20, Seed = options.Seed },
            isLarge ? 3 : 2,
            isLarge ? 30 : 40);
    }

    /// <summary>What two cores finish within half an hour for both data sets.</summary>
    private static IEnumerable<ToroidsStudy> SmallStudies(string data) =>
    [
        new(data, "relu", $"{data}:train[0:5000]", $"{data}:test[0:5000]", "784-64-32-10", Real(0.03, 150, 300)),
        new(data, "binary", $"{data}:train[0:5000]", $"{data}:test[0:5000]", "binary:784-101-101-10", Signs(100, 60, 30)),
    ];

    private static IEnumerable<ToroidsStudy> LargeStudies(string data) =>
    [
        new(data, "relu", $"{data}:train", $"{data}:test", "784-512-512-10", Real(0.03, 100, 400)),
        new(data, "lenet", $"{data}:train", $"{data}:test", "lenet", Real(0.02, 100, 400)),
        new(data, "binary", $"{data}:train", $"{data}:test", "binary:784-501-501-10", Signs(100, 100, 100)),
    ];

    /// <summary>The samplers of ReLU nets, from flat to sharp.</summary>
    internal static IReadOnlyList<Sampler> Real(double rate, int epochs, int startEpochs) => Trio(
        epochs, new Replicated(new Sgd(rate), epochs), new Sgd(rate),
        new Adversarial(new Sgd(0.1, 0, false), new Sgd(rate), MostEpochs: startEpochs));

    /// <summary>The samplers of binary nets.</summary>
    internal static IReadOnlyList<Sampler> Signs(double rate, int epochs, int startEpochs) => Trio(
        epochs, new Replicated(new BinaryNet(rate), epochs), new BinaryNet(rate),
        new Adversarial(new BinaryNet(rate), new BinaryNet(rate), MostEpochs: startEpochs));

    private static IReadOnlyList<Sampler> Trio(int epochs, Optimiser flat, Optimiser usual, Optimiser sharp)
    {
        var training = new TrainingOptions { Epochs = epochs, Schedule = new Cosine(epochs) };
        return
        [
            new("rsgd", training with { Optimiser = flat }), new("sgd", training with { Optimiser = usual }),
            new("adv", training with { Optimiser = sharp }),
        ];
    }
}

/// <summary>Nets of one architecture on one data set.</summary>
/// <param name="DataSet">The data set.</param>
/// <param name="Kind">The kind of net.</param>
/// <param name="Train">The words of the training data.</param>
/// <param name="Test">Those of the test data.</param>
/// <param name="Architecture">The words of the architecture.</param>
/// <param name="Samplers">How the groups are trained, from flat to sharp.</param>
internal sealed record ToroidsStudy(
    string DataSet, string Kind, string Train, string Test, string Architecture, IReadOnlyList<Sampler> Samplers)
{
    public string Name => $"{DataSet}/{Kind}";
}

/// <summary>A way to train nets.</summary>
/// <param name="Group">The group of nets so trained.</param>
/// <param name="Training">How.</param>
internal sealed record Sampler(string Group, TrainingOptions Training)
{
    /// <summary>Passes over the training data, a step's gradient counting as three.</summary>
    public double Work
    {
        get
        {
            double start = Training.Optimiser is Adversarial adversarial ? adversarial.MostEpochs * 4.0 : 0;
            return start + (Training.Epochs * ((3.0 * Training.Optimiser.Replicas) + 2));
        }
    }
}
