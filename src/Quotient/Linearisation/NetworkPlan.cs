using System.Numerics;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>One stage in its place.</summary>
/// <param name="Stage">The passes of its layer.</param>
/// <param name="Input">The step whose output it reads; <see cref="Network.Source"/> for the data.</param>
/// <param name="Width">Values in one sample of its output.</param>
/// <param name="Offset">Where its parameters begin in θ.</param>
/// <param name="Name">The name of its layer.</param>
/// <param name="FirstReader">Whether, going backwards, it is the first to write the adjoint of its input.</param>
internal sealed record Step<T>(Stage<T> Stage, int Input, int Width, long Offset, string Name, bool FirstReader)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether it has parameters.</summary>
    public bool IsTrainable => Stage.ParameterCount > 0;
}

/// <summary>
/// A network made ready for passes: its layers as steps in order, with each ReLU fused into the dense layer before it where
/// nobody else reads that layer, and each sign into the binary layer after it where nobody else reads the sign or what is before it.
/// </summary>
internal sealed class NetworkPlan<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private NetworkPlan(Network network, IReadOnlyList<Step<T>> steps)
    {
        Network = network;
        Steps = steps;
        Widths = [.. steps.Select(step => step.Width)];
        Whole = new(this, 0, steps.Count - 1);
    }

    public Network Network { get; }

    public IReadOnlyList<Step<T>> Steps { get; }

    /// <summary>The width of each step's output.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>All parameters.</summary>
    public ParameterScope<T> Whole { get; }

    public int Classes => Network.Output.Size;

    /// <summary>The largest number of values that a sample has anywhere.</summary>
    public int Widest => Math.Max(Network.Input.Size, Widths.Max());

    public static NetworkPlan<T> Compile(Network network, IBackend backend)
    {
        var steps = new List<Step<T>>();
        var stepOf = new Dictionary<int, int> { [Network.Source] = Network.Source };
        var offsets = network.Tensors.GroupBy(tensor => tensor.Node).ToDictionary(group => group.Key, group => group.First().Offset);
        foreach (var (index, node) in network.Nodes.Index())
        {
            if ((node.Layer is Relu && FusesWith(network, node.Inputs[0])) || (node.Layer is Sign && FusesWithReader(network, index)))
            {
                stepOf[index] = stepOf[node.Inputs[0]];
                continue;
            }

            var stage = StageOf(network, index, backend);
            steps.Add(new(stage, stepOf[node.Inputs[0]], network.Shapes[index].Size, offsets.GetValueOrDefault(index), node.Name, false));
            stepOf[index] = steps.Count - 1;
        }

        return new(network, MarkFirstReaders(steps));
    }

    /// <summary>Gives the stages' work space back.</summary>
    public void Dispose()
    {
        foreach (var stage in Steps.Select(step => step.Stage).OfType<IDisposable>())
        {
            stage.Dispose();
        }
    }

    private static Stage<T> StageOf(Network network, int index, IBackend backend) => network.Nodes[index].Layer switch
    {
        Dense dense => new DenseStage<T>(backend.Ops<T>(), dense, ReadOnlyBy<Relu>(network, index)),
        Relu => new ReluStage<T>(backend.Ops<T>()),
        BinaryDense binary => new BinaryStage<T>(backend, binary, FusedSign(network, index)),
        Sign sign => new SignStage<T>(backend.Ops<T>(), sign),
        HardTanh => new HardTanhStage<T>(backend.Ops<T>()),
        var other => throw new QuotientException($"layer '{network.Nodes[index].Name}' of kind {other.GetType().Name} cannot be linearised"),
    };

    private static bool FusesWith(Network network, int input) =>
        input != Network.Source && network.Nodes[input].Layer is Dense && ReadOnlyBy<Relu>(network, input);

    /// <summary>Whether the sign at a node is computed by the binary layer that reads it.</summary>
    private static bool FusesWithReader(Network network, int index) =>
        ReadOnlyBy<BinaryDense>(network, index) && ReadOnlyBy<Sign>(network, network.Nodes[index].Inputs[0]);

    private static Sign? FusedSign(Network network, int index)
    {
        int input = network.Nodes[index].Inputs[0];
        return input != Network.Source && network.Nodes[input].Layer is Sign sign && FusesWithReader(network, input) ? sign : null;
    }

    private static bool ReadOnlyBy<TLayer>(Network network, int index) where TLayer : Layer
    {
        var readers = network.Nodes.Where(node => node.Inputs.Contains(index)).ToList();
        return readers.Count == 1 && readers[0].Layer is TLayer;
    }

    private static List<Step<T>> MarkFirstReaders(List<Step<T>> steps)
    {
        var written = new HashSet<int>();
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            steps[i] = steps[i] with { FirstReader = written.Add(steps[i].Input) };
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
    private readonly bool[] _reached;

    public ParameterScope(NetworkPlan<T> plan, int first, int last)
    {
        (First, Last) = (first, last);
        Offset = plan.Steps[first].Offset;
        Length = Enumerable.Range(first, last - first + 1).Sum(step => plan.Steps[step].Stage.ParameterCount);
        _reached = new bool[plan.Steps.Count];
        for (int step = 0; step < _reached.Length; step++)
        {
            _reached[step] = Reaches(plan.Steps[step].Input) || (Contains(step) && plan.Steps[step].IsTrainable);
        }
    }

    public int First { get; }

    public int Last { get; }

    /// <summary>Where the scope's parameters begin in θ.</summary>
    public long Offset { get; }

    /// <summary>The number of its parameters.</summary>
    public long Length { get; }

    /// <summary>Whether the parameters of a step vary.</summary>
    public bool Contains(int step) => step >= First && step <= Last;

    /// <summary>Whether a step's output changes when the scope's parameters do.</summary>
    public bool Reaches(int step) => step != Network.Source && _reached[step];

    /// <summary>A step's part of each row of a block of the scope's vectors.</summary>
    public MatrixView<T> Part(MatrixView<T> block, Step<T> step) =>
        block with { Offset = block.Offset + step.Offset - Offset, Columns = step.Stage.ParameterCount };
}
