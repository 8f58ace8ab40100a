using System.Collections.Concurrent;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation.Layers;

/// <summary>
/// A kind of step: which layers it computes, one or several that follow each other, and its passes. Each registers itself in its own
/// file; together they are the table of what is fused.
/// </summary>
/// <param name="runs">The runs of layers that it computes in one step: each reads the one before it alone, and is its only reader.</param>
internal abstract class LayerPasses(params Type[][] runs)
{
    private static readonly ConcurrentQueue<LayerPasses> Table = [];

    /// <summary>Whether a run of several layers must be the only reader of what it reads.</summary>
    public virtual bool OwnsInput => false;

    /// <summary>Whether it computes nothing, so that its output is its input's signal.</summary>
    public virtual bool PassesOn => false;

    /// <summary>
    /// Whether it reads an image's values channel by channel, as θ, data and files have them; else the channels of each place lie together.
    /// </summary>
    public virtual bool ReadsChannelsApart => false;

    /// <summary>Whether it computes outputs alone, and so is no step of a plan that differentiates.</summary>
    public virtual bool ComputesOutputsAlone => false;

    /// <summary>Adds a kind to the table, in which a longer run goes before a shorter one.</summary>
    public static void Register(LayerPasses passes) => Table.Enqueue(passes);

    /// <summary>The longest run of layers from a node on that is one step, and its passes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="first">The node.</param>
    /// <param name="differentiates">Whether derivatives are wanted.</param>
    /// <exception cref="QuotientException">The layer has no passes.</exception>
    public static (LayerPasses Passes, IReadOnlyList<int> Nodes) Match(Network network, int first, bool differentiates)
    {
        var matches = from passes in Table
                      where !(differentiates && passes.ComputesOutputsAlone)
                      from nodes in passes.Matches(network, first)
                      select (Passes: passes, Nodes: nodes);
        return matches.MaxBy(match => match.Nodes.Count) is { Passes: not null } longest
            ? longest
            : throw new QuotientException(
                $"layer '{network.Nodes[first].Name}' of kind {network.Nodes[first].Layer.GetType().Name} cannot be linearised");
    }

    /// <summary>Its passes for a run of layers on a device; null where there is nothing to compute: the output is the input, value by value.</summary>
    /// <param name="run">The layers.</param>
    /// <param name="input">The shape of the first input.</param>
    /// <param name="backend">The device.</param>
    public abstract Stage<T>? Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) where T : unmanaged, IFloatingPointIeee754<T>;

    private IEnumerable<List<int>> Matches(Network network, int first)
    {
        foreach (var run in runs)
        {
            var nodes = new List<int> { first };
            while (nodes.Count < run.Length && network.ReadersOf(nodes[^1]) is [var reader] && network.Nodes[reader].Inputs.Count == 1)
            {
                nodes.Add(reader);
            }

            // Who reads the input is asked last: it leads through the layers before.
            if (nodes.Select(node => network.Nodes[node].Layer.GetType()).SequenceEqual(run)
                && (run.Length == 1 || ((!OwnsInput || IsOnlyReader(network, first)) && HaveParametersTogether(network, nodes))))
            {
                yield return nodes;
            }
        }
    }

    /// <summary>Whether the parameters of some nodes lie next to each other in θ.</summary>
    private static bool HaveParametersTogether(Network network, List<int> nodes)
    {
        var own = network.ParameterBlocks.Index().Where(block => nodes.Contains(block.Item.Node)).ToList();
        return own.Count == 0 || own[^1].Index - own[0].Index == own.Count - 1;
    }

    /// <summary>Whether nobody else reads the signal that a node reads, be it through layers that pass it on.</summary>
    private static bool IsOnlyReader(Network network, int node)
    {
        do
        {
            node = network.Nodes[node].Inputs[0];
            if (network.ReadersOf(node).Count > 1)
            {
                return false;
            }
        }
        while (node != Network.Source && Match(network, node, true).Passes.PassesOn);
        return true;
    }
}
