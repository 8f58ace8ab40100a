using System.Numerics;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation.Layers;

/// <summary>
/// A kind of step: which layers it computes, one or several that follow each other, and its passes. Each registers itself in its own
/// file; together they are the table of what is fused.
/// </summary>
internal abstract class LayerPasses
{
    private static readonly List<LayerPasses> Table = [];

    /// <summary>The runs of layers that it computes in one step: each reads the one before it alone, and is its only reader.</summary>
    public abstract IReadOnlyList<Type[]> Runs { get; }

    /// <summary>Whether a run of several layers must be the only reader of what it reads.</summary>
    public virtual bool OwnsInput => false;

    /// <summary>Adds a kind to the table, in which a longer run goes before a shorter one.</summary>
    public static void Register(LayerPasses passes)
    {
        lock (Table)
        {
            Table.Add(passes);
        }
    }

    /// <summary>The longest run of layers from a node on that is one step, and its passes.</summary>
    /// <exception cref="QuotientException">The layer has no passes.</exception>
    public static (LayerPasses Passes, IReadOnlyList<int> Nodes) Match(Network network, int first)
    {
        lock (Table)
        {
            var matches = from passes in Table
                          from run in passes.Runs
                          let nodes = NodesOf(network, first, run, passes.OwnsInput)
                          where nodes is not null
                          select (Passes: passes, Nodes: nodes);
            return matches.MaxBy(match => match.Nodes.Count) is { Passes: not null } longest
                ? longest
                : throw new QuotientException(
                    $"layer '{network.Nodes[first].Name}' of kind {network.Nodes[first].Layer.GetType().Name} cannot be linearised");
        }
    }

    /// <summary>Its passes for a run of layers on a device; null where there is nothing to compute: the output is the input, value by value.</summary>
    public abstract Stage<T>? Start<T>(IReadOnlyList<Layer> run, IBackend backend) where T : unmanaged, IFloatingPointIeee754<T>;

    private static List<int>? NodesOf(Network network, int first, Type[] run, bool ownsInput)
    {
        if (ownsInput && run.Length > 1 && ReadersOf(network, network.Nodes[first].Inputs[0]).Count > 1)
        {
            return null;
        }

        var nodes = new List<int>();
        for (int node = first; network.Nodes[node].Layer.GetType() == run[nodes.Count];)
        {
            nodes.Add(node);
            if (nodes.Count == run.Length)
            {
                return nodes;
            }

            if (ReadersOf(network, node) is not [var reader] || network.Nodes[reader].Inputs.Count > 1)
            {
                return null;
            }

            node = reader;
        }

        return null;
    }

    private static List<int> ReadersOf(Network network, int node) =>
        [.. network.Nodes.Index().Where(entry => entry.Item.Inputs.Contains(node)).Select(entry => entry.Index)];
}
