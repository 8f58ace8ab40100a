using System.Numerics;
using Quotient.Linearisation;

namespace Quotient.Operators;

/// <summary>H = ∇²L(θ), with the second derivative of a ReLU taken as 0, as it is away from the kinks.</summary>
public sealed class Hessian<T> : CurvatureOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal Hessian(Linearisation<T> linearisation, ParameterScope<T> scope)
        : base(linearisation, scope, CurvatureKind.Hessian)
    {
    }

    /// <inheritdoc/>
    public override string Name => "hessian";

    private protected override CurvatureOperator<T> In(ParameterScope<T> scope) => new Hessian<T>(Linearisation, scope);
}
