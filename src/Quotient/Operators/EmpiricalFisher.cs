using System.Numerics;
using Quotient.Linearisation;

namespace Quotient.Operators;

/// <summary>F̂ = Σ_n g_n g_nᵀ (times 1/N for a mean), with g_n the gradient of sample n's own loss at its own label.</summary>
public sealed class EmpiricalFisher<T> : CurvatureOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal EmpiricalFisher(Linearisation<T> linearisation, ParameterScope<T> scope)
        : base(linearisation, scope, CurvatureKind.EmpiricalFisher)
    {
    }

    /// <inheritdoc/>
    public override string Name => "empirical-fisher";

    private protected override CurvatureOperator<T> In(ParameterScope<T> scope) => new EmpiricalFisher<T>(Linearisation, scope);
}
