using Quotient.Backends;

namespace Quotient.Training.Optimisers;

/// <summary>θ ← the next θ, from the gradient at it and what is remembered.</summary>
internal delegate void Move<T>(VectorView<T> theta, VectorView<T> gradient, IReadOnlyList<DeviceBuffer<T>> memory, StepPlace place)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>An optimiser at work that takes one gradient a step, at θ, and remembers vectors as long as θ.</summary>
/// <param name="context">What it was started with.</param>
/// <param name="names">What it remembers, by name.</param>
/// <param name="move">What it does with the gradient.</param>
internal sealed class GradientSteps<T>(OptimiserContext<T> context, IReadOnlyList<string> names, Move<T> move) : IOptimiser<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _gradient = context.NewVector();
    private readonly DeviceBuffer<T>[] _memory = [.. names.Select(_ => context.NewVector())];

    public IReadOnlyList<(string Name, VectorView<T> Values)> State => [.. names.Zip(_memory, (name, vector) => (name, vector.All))];

    public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken)
    {
        objective.Gradient(theta, _gradient.All, cancellationToken);
        move(theta, _gradient.All, _memory, place);
    }

    public void Dispose()
    {
        _gradient.Dispose();
        Array.ForEach(_memory, vector => vector.Dispose());
    }
}

/// <summary>
/// direction ← ε/ρ, the direction in which the loss is thought to rise fastest at θ; square has room for a number. Does not wait
/// for the device.
/// </summary>
internal delegate void AscentDirection<T>(VectorView<T> theta, VectorView<T> gradient, VectorView<double> square, VectorView<T> direction)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>An optimiser that is shown the gradient at θ + ρ·direction for the one at θ; θ itself is not touched.</summary>
internal sealed class PerturbedSteps<T>(
    Optimiser each, OptimiserContext<T> context, double radius, AscentDirection<T> direction) : IOptimiser<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOptimiser<T> _inner = each.Start(context);
    private readonly DeviceBuffer<double> _square = context.Backend.Allocate<double>(1);
    private readonly DeviceBuffer<T> _point = context.Backend.Allocate<T>(each.Replicas * context.Dimension);

    public IReadOnlyList<(string Name, VectorView<T> Values)> State => _inner.State;

    public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken) =>
        _inner.Step(new Perturbed(this, objective), theta, place, cancellationToken);

    public void Dispose()
    {
        _inner.Dispose();
        _square.Dispose();
        _point.Dispose();
    }

    private sealed class Perturbed(PerturbedSteps<T> owner, IObjective<T> objective) : IObjective<T>
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
        direction(theta, gradient, _square.All, point);
        context.Ops.Scale(radius, point);
        context.Ops.Axpy(1, theta, point);
    }
}
