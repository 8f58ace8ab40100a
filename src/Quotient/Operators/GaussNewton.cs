using System.Numerics;
using Quotient.Linearisation;

namespace Quotient.Operators;

/// <summary>G = Σ_n J_nᵀ (∂²ℓ_n/∂z²) J_n (times 1/N for a mean): the Hessian without the network's own curvature; G ⪰ 0.</summary>
public sealed class GaussNewton<T> : CurvatureOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal GaussNewton(Linearisation<T> linearisation, ParameterScope<T> scope)
        : base(linearisation, scope, CurvatureKind.GaussNewton)
    {
    }

    /// <inheritdoc/>
    public override string Name => "gauss-newton";

    private protected override CurvatureOperator<T> In(ParameterScope<T> scope) => new GaussNewton<T>(Linearisation, scope);
}
