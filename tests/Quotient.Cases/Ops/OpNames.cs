using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>The operations of all families, by the names under which they are called.</summary>
public static class OpNames
{
    private static readonly string[] Collective = [nameof(IOpFamily.Supports), nameof(IVectorOps<float>.Map), nameof(IProductOps<float>.Multiply)];

    private static readonly Type[] Families = [typeof(IOps<float>), .. typeof(IOps<float>).GetInterfaces()];

    /// <summary>Those of vectors first.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. RealElements<float>.All.Select(f => f.Name),
        .. ProductCalls.Names,
        .. Families.SelectMany(family => family.GetMethods()).Select(method => method.Name).Except(Collective).Distinct(),
    ];
}
