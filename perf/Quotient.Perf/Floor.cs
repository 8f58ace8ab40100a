using Quotient.Diagnostics;

namespace Quotient.Perf;

/// <summary>Operation counts: the least work that a result takes, to which the time it took is compared.</summary>
internal static class Floor
{
    /// <inheritdoc cref="NetworkBenchmarks.HessianOperations"/>
    public static double HessianProduct(Network network) => NetworkBenchmarks.HessianOperations(network);
}
