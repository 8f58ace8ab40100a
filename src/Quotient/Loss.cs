using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Linearisation.Losses;

namespace Quotient;

/// <summary>
/// How a network's outputs are compared with the data. A loss is a record of this in one file: its options, its text, which data
/// fit it, and its value and derivatives; it registers itself in <see cref="Kinds"/>.
/// </summary>
public abstract record Loss
{
    /// <summary>All losses, by name.</summary>
    public static Kinds<Loss> Kinds { get; } = new("loss");

    /// <summary><c>ce</c>: −log softmax(z)_y on logits z.</summary>
    public static Loss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary><c>mse</c>: ½‖f − y‖²; classes become one-hot rows.</summary>
    public static Loss SquaredError { get; } = new SquaredErrorLoss();

    /// <summary>The text that <see cref="Parse"/> reads, as it stands in files and reports.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it compares outputs with real targets; classes become one-hot rows then. If not, with class labels.</summary>
    public abstract bool ReadsTargets { get; }

    /// <summary>The loss that a text names, such as <c>ce</c> or <c>mse</c>.</summary>
    /// <exception cref="QuotientException">The name or an option is unknown, or an option's value makes no sense.</exception>
    public static Loss Parse(string text) => Kinds.Parse(text);

    /// <summary>Throws a <see cref="QuotientException"/> where the network's outputs cannot be compared with the data.</summary>
    public abstract void Check(Network network, Dataset data);

    /// <summary>Its value and derivatives, computed by a device's operations.</summary>
    public abstract LossStage<T> On<T>(IOps<T> ops) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

/// <summary>Whether a loss over samples is averaged or added up.</summary>
public enum Reduction
{
    /// <summary>Divide by the number of samples.</summary>
    Mean,

    /// <summary>Do not divide.</summary>
    Sum,
}
