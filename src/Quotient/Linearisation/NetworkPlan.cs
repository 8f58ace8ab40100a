using Quotient.Backends;
using Quotient.Linearisation.Layers;

namespace Quotient.Linearisation;

/// <summary>One stage in its place.</summary>
/// <param name="Stage">The passes of its layers.</param>
/// <param name="Inputs">The steps whose outputs it reads; <see cref="Network.Source"/> for the data.</param>
/// <param name="Width">Values in one sample of its output.</param>
/// <param name="Offset">Where its parameters begin in θ.</param>
/// <param name="Name">The name of its layer with parameters, or of its last.</param>
internal sealed record Step<T>(Stage<T> Stage, IReadOnlyList<int> Inputs, int Width, long Offset, string Name)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Where what it has beside its parameters begins among the network's.</summary>
    public long BufferOffset { get; init; }

    /// <summary>Whether it has parameters.</summary>
    public bool IsTrainable => Stage.ParameterCount > 0;

    /// <summary>Of each input whether, going backwards, the step is the first to write its adjoint there.</summary>
    public IReadOnlyList<bool> Overwrites { get; init; } = [];
}

/// <summary>
/// A network made ready for passes: its layers as steps in order, where the table of <see cref="LayerPasses"/> says which layers that
/// follow each other are one step.
/// </summary>
internal sealed class NetworkPlan<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private NetworkPlan(Network network, IReadOnlyList<Step<T>> steps)
    {
        (Network, Steps, Signals) = (network, steps, new(steps));
        Whole = new(this, 0, steps.Count - 1);
    }

    public Network Network { get; }

    public IReadOnlyList<Step<T>> Steps { get; }

    /// <summary>Which signals are kept, and which share memory.</summary>
    public SignalLayouts<T> Signals { get; }

    /// <summary>All parameters.</summary>
    public ParameterScope<T> Whole { get; }

    public int Classes => Network.Output.Size;

    /// <summary>The largest number of values that a sample has anywhere.</summary>
    public int Widest => Math.Max(Network.Input.Size, Steps.Max(step => Math.Max(step.Width, step.Stage.WidthWithin)));

    /// <summary>Whether mini-batches cannot be cut into pieces.</summary>
    public bool NeedsWholeBatch => Steps.Any(step => step.Stage.NeedsWholeBatch);

    /// <summary>Whether every output is linear, away from kinks, in each single parameter.</summary>
    public bool IsPiecewiseLinear => Steps.All(step => step.Stage.SecondOrder != SecondOrder.Own);

    /// <param name="network">The network.</param>
    /// <param name="backend">The device.</param>
    /// <param name="differentiates">Whether there are passes but the forward one, and statistics but the running ones.</param>
    /// <exception cref="QuotientException">A layer has no passes.</exception>
    public static NetworkPlan<T> Compile(Network network, IBackend backend, bool differentiates = true)
    {
        var steps = new PlanBuilder<T>(network.WithPoolsBeforeRelus(), backend, differentiates).Build();
        return steps.Count > 0
            ? new(network, MarkFirstWriters(steps))
            : throw new QuotientException($"the network {network} computes nothing: its output is its input");
    }

    /// <summary>Gives the stages' work space back.</summary>
    public void Dispose()
    {
        foreach (var stage in Steps.Select(step => step.Stage).OfType<IDisposable>())
        {
            stage.Dispose();
        }
    }

    private static List<Step<T>> MarkFirstWriters(List<Step<T>> steps)
    {
        var written = new HashSet<int>();
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            steps[i] = steps[i] with { Overwrites = [.. steps[i].Inputs.Select(written.Add)] };
        }

        return steps;
    }
}

/// <summary>
/// The parameters that vary: those of steps First … Last. Vectors of the scope hold just these, in θ's order. The diagonal
/// block of an operator is the operator in a smaller scope.
/// </summary>
internal sealed class ParameterScope<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool[] _varies, _reached;

    public ParameterScope(NetworkPlan<T> plan, int first, int last)
    {
        (First, Last) = (first, last);
        _varies = [.. plan.Steps.Select((step, index) => step.IsTrainable && index >= first && index <= last)];
        var steps = plan.Steps.Where((_, index) => _varies[index]).ToList();
        Offset = steps.Count == 0 ? 0 : steps.Min(step => step.Offset);
        Length = steps.Sum(step => step.Stage.ParameterCount);
        _reached = new bool[plan.Steps.Count];
        for (int step = 0; step < _reached.Length; step++)
        {
            _reached[step] = _varies[step] || plan.Steps[step].Inputs.Any(Reaches);
        }
    }

    public int First { get; }

    public int Last { get; }

    /// <summary>Where the scope's parameters begin in θ.</summary>
    public long Offset { get; }

    /// <summary>The number of its parameters.</summary>
    public long Length { get; }

    /// <summary>Whether a step has parameters that vary.</summary>
    public bool Varies(int step) => _varies[step];

    /// <summary>Whether a step's output changes when the scope's parameters do.</summary>
    public bool Reaches(int step) => step != Network.Source && _reached[step];

    /// <summary>A step's part of each row of a block of the scope's vectors.</summary>
    public MatrixView<T> Part(MatrixView<T> block, Step<T> step) =>
        block with { Offset = block.Offset + step.Offset - Offset, Columns = step.Stage.ParameterCount };
}
