using Quotient.Networks;

namespace Quotient.Perf;

/// <summary>Operation counts: the least work that a result takes, to which the time it took is compared.</summary>
internal static class Floor
{
    /// <summary>Floating-point operations of one Hessian product for one sample: 4 n₀n₁ + 12 Σ n_(l−1) n_l.</summary>
    public static double HessianProduct(Network network) => Dense(network).Index()
        .Sum(entry => (entry.Index == 0 ? 4.0 : 12.0) * entry.Item.Inputs * entry.Item.Outputs);

    private static IEnumerable<Dense> Dense(Network network) => network.Nodes.Select(node => node.Layer).OfType<Dense>();
}
