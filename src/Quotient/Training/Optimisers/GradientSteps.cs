using System.Numerics;
using Quotient.Backends;

namespace Quotient.Training.Optimisers;

/// <summary>An optimiser at work that takes one gradient a step, at θ, and remembers vectors as long as θ.</summary>
/// <param name="context">What it was started with.</param>
/// <param name="names">What it remembers, by name.</param>
internal abstract class GradientSteps<T>(OptimiserContext<T> context, params IReadOnlyList<string> names) : IOptimiser<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _gradient = context.NewVector();
    private readonly DeviceBuffer<T>[] _memory = [.. names.Select(_ => context.NewVector())];

    public IReadOnlyList<(string Name, VectorView<T> Values)> State => [.. names.Select((name, index) => (name, Memory(index)))];

    protected IOps<T> Ops { get; } = context.Ops;

    public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken)
    {
        objective.Gradient(theta, _gradient.All, cancellationToken);
        Move(theta, _gradient.All, place);
    }

    public void Dispose()
    {
        _gradient.Dispose();
        Array.ForEach(_memory, vector => vector.Dispose());
    }

    /// <summary>θ ← the next θ, from the gradient at it.</summary>
    protected abstract void Move(VectorView<T> theta, VectorView<T> gradient, StepPlace place);

    /// <summary>What is remembered under one of the names.</summary>
    protected VectorView<T> Memory(int index) => _memory[index].All;
}
