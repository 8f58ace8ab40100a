namespace Quotient.Perf.Images;

/// <summary>A net of images that we and PyTorch are timed on.</summary>
/// <param name="Name">Its name, as <c>--arch</c> and the peer know it.</param>
/// <param name="Source">The named set of its data.</param>
/// <param name="Samples">How many of these.</param>
/// <param name="Graph">Samples in one graph of PyTorch, where it is the fastest.</param>
internal sealed record ImageNet(string Name, string Source, int Samples, int Graph)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ImageNet> All { get; } = [new("lenet", "mnist", 10_000, 1_000), new("alexnet-small", "cifar10", 1_000, 250)];

    /// <summary>The network.</summary>
    public Network Network => Network.Parse(Name);

    /// <summary>The data.</summary>
    public Dataset Data => Dataset.Open($"{Source}:train[0:{Samples}]");

    /// <summary>Operations of a gradient: forward, by the weights and, but in the first layer, by the inputs, each 2 a multiply–add.</summary>
    public double GradientOperations => Operations(4, 6);

    /// <summary>Operations of a Hessian product: those of the R-passes, which are twice the gradient's behind the first layer.</summary>
    public double ProductOperations => Operations(4, 12);

    private double Operations(double first, double later)
    {
        var network = Network;
        long[] counts = [.. Enumerable.Range(0, network.Nodes.Count).Select(network.MultiplyAdds).Where(count => count > 0)];
        return Samples * ((first * counts[0]) + (later * counts[1..].Sum()));
    }
}
