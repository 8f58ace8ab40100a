using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;

namespace Quotient.Training.Optimisers;

/// <summary>
/// Sharpness-aware minimisation: the gradient of a step is ∇L(θ + ε) with ε = ρ·g/‖g‖ and g = ∇L(θ), both of the same
/// mini-batch; another optimiser, usually SGD, makes the step from it at θ.
/// </summary>
/// <remarks>Source: Foret, Kleiner, Mobahi, Neyshabur (2021), algorithm 1. Weight decay has no part in ε.</remarks>
/// <param name="Each">The optimiser that is given the gradient.</param>
/// <param name="Radius">ρ.</param>
public sealed record Sam(Optimiser Each, double Radius = 0.05) : Optimiser(Each.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"sam radius={Radius} {Each.Text}");

    /// <inheritdoc/>
    public override int Replicas => Each.Replicas;

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(Each);
        Require(double.IsFinite(Radius) && Radius > 0, "radius of sam", Radius, "a number above 0");
    }

    /// <summary>ρ, by default so large.</summary>
    internal static Setting RadiusSetting(double standard) => new(
        "rho", standard, value => value > 0, "a number above 0", "How far from the parameters the gradient is taken");

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new(
        "sam", "sharpness-aware", [.. Sgd.Settings, RadiusSetting(0.05)], values => new Sam(Sgd.From(values), values["rho"])));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) =>
        new PerturbedOptimiser<T>(Each, context, Radius, new Direction<T>(context));

    /// <summary>ε/ρ = g/‖g‖.</summary>
    private sealed class Direction<T>(OptimiserContext<T> context) : IAscentDirection<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly IOps<T> _ops = context.Ops;
        private readonly DeviceBuffer<double> _square = context.Backend.Allocate<double>(1);

        public void Find(VectorView<T> theta, VectorView<T> gradient, VectorView<T> direction)
        {
            _ops.Dot(gradient, gradient, _square.All);
            _ops.DivideByRoot(gradient, _square.All, direction);
        }

        public void Dispose() => _square.Dispose();
    }
}

/// <summary>The direction in which a loss is thought to rise fastest.</summary>
internal interface IAscentDirection<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>direction ← that at θ. Does not wait for the device.</summary>
    void Find(VectorView<T> theta, VectorView<T> gradient, VectorView<T> direction);
}

/// <summary>An optimiser that is shown the gradient at θ + ρ·direction for the one at θ; θ itself is not touched.</summary>
internal sealed class PerturbedOptimiser<T>(
    Optimiser each, OptimiserContext<T> context, double radius, IAscentDirection<T> direction) : IOptimiser<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOptimiser<T> _inner = each.Start(context);
    private readonly DeviceBuffer<T> _point = context.Backend.Allocate<T>(each.Replicas * context.Dimension);

    public IReadOnlyList<(string Name, VectorView<T> Values)> State => _inner.State;

    public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken) =>
        _inner.Step(new Perturbed(this, objective), theta, place, cancellationToken);

    public void Dispose()
    {
        _inner.Dispose();
        direction.Dispose();
        _point.Dispose();
    }

    private sealed class Perturbed(PerturbedOptimiser<T> owner, IObjective<T> objective) : IObjective<T>
    {
        public int Replicas => objective.Replicas;

        public void Gradient(MatrixView<T> theta, MatrixView<T> gradient, CancellationToken cancellationToken)
        {
            objective.Gradient(theta, gradient, cancellationToken);
            var points = owner._point.Matrix(theta.Rows, theta.Columns);
            for (int row = 0; row < theta.Rows; row++)
            {
                owner.Ascend(theta.Row(row), gradient.Row(row), points.Row(row));
            }

            objective.Gradient(points, gradient, cancellationToken);
        }
    }

    private void Ascend(VectorView<T> theta, VectorView<T> gradient, VectorView<T> point)
    {
        direction.Find(theta, gradient, point);
        context.Ops.Scale(radius, point);
        context.Ops.Axpy(1, theta, point);
    }
}
