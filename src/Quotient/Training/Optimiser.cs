using System.Numerics;
using Quotient.Backends;

namespace Quotient.Training;

/// <summary>
/// A way to go downhill and its constants; a kind of optimiser is a record of this and the <see cref="IOptimiser{T}"/> that it
/// starts, in one file.
/// </summary>
/// <param name="Rate">The learning rate η, before the <see cref="Schedule"/>'s factor.</param>
public abstract record Optimiser(double Rate)
{
    /// <summary>Name and constants as text. A checkpoint is resumed only with an optimiser of the same text.</summary>
    public abstract string Text { get; }

    /// <summary>Throws a <see cref="QuotientException"/> that names the first constant that makes no sense.</summary>
    public virtual void Check() => Require(double.IsFinite(Rate) && Rate > 0, "learning rate", Rate, "a number above 0");

    /// <summary>Starts from rest, on parameters of that many elements.</summary>
    public abstract IOptimiser<T> Start<T>(IBackend backend, long dimension) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Throws a <see cref="QuotientException"/> unless a constant is as wanted.</summary>
    protected static void Require(bool holds, string constant, double value, string wanted)
    {
        if (!holds)
        {
            throw new QuotientException(FormattableString.Invariant($"the {constant} is {value}; it must be {wanted}"));
        }
    }
}

/// <summary>An optimiser at work: what it remembers from step to step, on the device.</summary>
public interface IOptimiser<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// What it remembers, by name, each as long as θ. A checkpoint holds these, and steps depend on nothing else, so that a
    /// resumed run takes the very same steps.
    /// </summary>
    IReadOnlyList<(string Name, VectorView<T> Values)> State { get; }

    /// <summary>One step: θ ← the next θ.</summary>
    /// <param name="objective">The mini-batch's loss; its gradient may be taken at several points.</param>
    /// <param name="theta">θ, changed in place.</param>
    /// <param name="rate">η in this epoch.</param>
    /// <param name="number">The step's number through all epochs, from 1.</param>
    void Step(IObjective<T> objective, VectorView<T> theta, double rate, long number);
}

/// <summary>The mean loss over the mini-batch at hand, as a function of θ.</summary>
public interface IObjective<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>gradient ← ∇L(θ). Both are as long as the network has parameters, and do not overlap.</summary>
    void Gradient(VectorView<T> theta, VectorView<T> gradient);
}
