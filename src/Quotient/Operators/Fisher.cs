using System.Numerics;
using Quotient.Linearisation;

namespace Quotient.Operators;

/// <summary>
/// F = Σ_n E_(y∼p(·|x_n)) [g gᵀ] (times 1/N for a mean), the expectation over the model's own distribution: softmax for <c>ce</c>,
/// N(f, I) for <c>mse</c>.
/// </summary>
/// <remarks>For both losses E[∂ℓ/∂z ∂ℓ/∂zᵀ] = ∂²ℓ/∂z², so F equals the Gauss–Newton matrix exactly (Martens 2020, section 9.2).</remarks>
public sealed class Fisher<T> : CurvatureOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal Fisher(Linearisation<T> linearisation, ParameterScope<T> scope)
        : base(linearisation, scope, CurvatureKind.GaussNewton)
    {
    }

    /// <inheritdoc/>
    public override string Name => "fisher";

    private protected override CurvatureOperator<T> In(ParameterScope<T> scope) => new Fisher<T>(Linearisation, scope);
}
