using Quotient.Backends;

namespace Quotient.Training;

/// <summary>
/// A rule for steps and its constants. A kind of optimiser is one file: a record derived from this one, the
/// <see cref="IOptimiser{T}"/> that it starts, and its registration in <see cref="Kinds"/>, from which the command line makes options.
/// </summary>
/// <param name="Rate">The learning rate η, before the <see cref="Schedule"/>'s factor.</param>
public abstract record Optimiser(double Rate)
{
    /// <summary>All kinds, by the names of the command line.</summary>
    public static Kinds<Optimiser> Kinds { get; } = new("optimiser");

    /// <summary>Name and constants as text. A checkpoint is resumed only with an optimiser of the same text.</summary>
    public abstract string Text { get; }

    /// <summary>The number of copies of θ that it moves at once, each on mini-batches of its own.</summary>
    public virtual int Replicas => 1;

    /// <summary>Whether it trains the signs of binary layers; if not, real weights alone.</summary>
    public virtual bool MovesSigns => false;

    /// <summary>The optimiser that a text describes, such as <c>sgd,momentum=0</c>.</summary>
    /// <exception cref="QuotientException">The optimiser or one of its settings is unknown, or a value is outside its range.</exception>
    public static Optimiser Parse(string text) => Kinds.Parse(text);

    /// <summary>Throws a <see cref="QuotientException"/> that names the first constant outside its range.</summary>
    public virtual void Check() => Require(double.IsFinite(Rate) && Rate > 0, "learning rate", Rate, "a number above 0");

    /// <summary>Throws a <see cref="QuotientException"/> where it cannot train the network.</summary>
    public virtual void CheckNetwork(Network network)
    {
        bool isBinary = network.Tensors.Any(tensor => tensor.IsBinary);
        if (isBinary != MovesSigns)
        {
            string others = Sentence.Or(Kinds.All.Where(kind => kind.Make().MovesSigns == isBinary).Select(kind => kind.Name));
            throw new QuotientException(
                (MovesSigns
                    ? $"{Kind} moves the signs of binary layers, but the network {network} has none"
                    : $"{Kind} moves real weights, but the network {network} has weights of ±1") + $"; train it with {others}");
        }
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    /// <summary>Starts with no memory of earlier steps.</summary>
    public abstract IOptimiser<T> Start<T>(OptimiserContext<T> context) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The setting of η, with its default.</summary>
    protected static Setting RateSetting(double standard) =>
        new("learning-rate", standard, value => value > 0, "a number above 0", "Step size");

    /// <summary>The setting of μ, with its default.</summary>
    protected static Setting MomentumSetting(double standard) =>
        new("momentum", standard, value => value is >= 0 and < 1, "a number from 0 to below 1", "Momentum");

    /// <summary>The setting of λ; 0 by default.</summary>
    protected static Setting DecaySetting { get; } = new(
        "weight-decay", 0, value => value >= 0, "a number, 0 or more", "Multiple of the parameters that is added to the gradient");

    /// <summary>The first word of the text.</summary>
    protected string Kind => Text.Split(' ')[0];

    /// <summary>Throws a <see cref="QuotientException"/> unless another optimiser can be used within this one.</summary>
    protected void CheckInner(Optimiser inner)
    {
        inner.Check();
        QuotientException.ThrowIf(
            inner is Starts.Adversarial, $"{Kind} cannot go on from an adversarial start within each step; put adv in front of {Kind}");
    }

    /// <summary>Throws a <see cref="QuotientException"/> that gives the value seen and the values wanted, unless the condition holds.</summary>
    protected internal static void Require(bool holds, string constant, object value, string wanted) =>
        QuotientException.ThrowIf(!holds, $"the {constant} is {value}; it must be {wanted}");
}

/// <summary>What an optimiser is started with.</summary>
/// <param name="Backend">The device.</param>
/// <param name="Network">The network.</param>
/// <param name="DrawStart">
/// point ← the starting point of a replica, a function of the seed and the replica's number: 0 is that of the training itself.
/// </param>
/// <param name="TrainingLoss">The mean loss over the whole training set at a point. Waits for the device.</param>
/// <param name="Copies">The number of θs that lie one after the other in what a step changes.</param>
public sealed record OptimiserContext<T>(
    IBackend Backend, Network Network, Action<int, VectorView<T>> DrawStart, Func<VectorView<T>, CancellationToken, double> TrainingLoss,
    int Copies = 1)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The device's operations.</summary>
    public IOps<T> Ops => Backend.Ops<T>();

    /// <summary>The length of what a step changes.</summary>
    public long Dimension => Copies * Network.ParameterCount;

    /// <summary>Allocates a vector as long as that, all zero.</summary>
    public DeviceBuffer<T> NewVector() => Backend.Allocate<T>(Dimension);
}

/// <summary>An optimiser at work: what it remembers from step to step, on the device.</summary>
public interface IOptimiser<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// What it remembers, by name. A checkpoint holds these, and steps depend on nothing else, so that a resumed run takes
    /// exactly the same steps.
    /// </summary>
    IReadOnlyList<(string Name, VectorView<T> Values)> State { get; }

    /// <summary>One step: θ ← the next θ.</summary>
    /// <param name="objective">The mini-batch's loss; its gradient may be taken at several points.</param>
    /// <param name="theta">θ, changed in place.</param>
    /// <param name="place">The step's rate and number.</param>
    /// <param name="cancellationToken">Stops within the step; θ must not be used afterwards.</param>
    void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken = default);
}

/// <summary>A step's place in training.</summary>
/// <param name="Rate">η in this epoch.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Number">The step's number through all epochs, from 1.</param>
public readonly record struct StepPlace(double Rate, int Epoch, long Number);

/// <summary>The mean loss over the mini-batch at hand, as a function of θ; of several θs, each has a mini-batch of its own.</summary>
public interface IObjective<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number of θs, as <see cref="Optimiser.Replicas"/> asked for.</summary>
    int Replicas { get; }

    /// <summary>gradient ← ∇L(θ), row by row. Both have a row for each replica, next to each other, and do not overlap.</summary>
    void Gradient(MatrixView<T> theta, MatrixView<T> gradient, CancellationToken cancellationToken = default);

    /// <summary>The same with the rows one after the other.</summary>
    void Gradient(VectorView<T> theta, VectorView<T> gradient, CancellationToken cancellationToken = default)
    {
        long columns = theta.Length / Replicas;
        Gradient(theta.AsMatrix(Replicas, columns), gradient.AsMatrix(Replicas, columns), cancellationToken);
    }
}
