using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Cli;

/// <summary>
/// Published settings of training, by name, that compare the minima of small and large batches. The number of epochs on CIFAR-10 is
/// not published; that of MNIST is taken.
/// </summary>
/// <remarks>Source: Rangamani, Nguyen, Kumar, Phan, Chin, Tran (2019).</remarks>
internal sealed record Recipe(string Name, string Optimiser, double Rate, double? Momentum, int Batch, int Epochs = 200)
{
    private static readonly Recipe[] All =
    [
        new("mnist-small-batch", "adam", 1e-3, null, 256),
        new("mnist-large-batch", "adam", 1e-3, null, 5000),
        new("cifar-small-batch", "sgd", 1e-4, 0.9, 256),
        new("cifar-large-batch", "sgd", 1e-3, 0.99, 2000),
    ];

    public static string[] Names => [.. All.Select(recipe => recipe.Name)];

    /// <summary>The settings of that name; null for no name.</summary>
    public static Recipe? Find(string? name) => Array.Find(All, recipe => recipe.Name == name);

    /// <summary>The optimiser with these settings, except those given explicitly.</summary>
    public Optimiser Make(Kind<Optimiser> kind, Dictionary<string, double> given)
    {
        given.TryAdd("learning-rate", Rate);
        if (Momentum is { } momentum)
        {
            given.TryAdd("momentum", momentum);
        }

        // The published settings are those of plain momentum.
        return kind.Make(given) is Sgd sgd ? sgd with { Nesterov = false } : kind.Make(given);
    }
}
