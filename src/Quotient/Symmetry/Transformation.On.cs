namespace Quotient.Symmetry;

public sealed partial class Transformation
{
    /// <summary>
    /// The same change of a network whose units are in the same groups, such as one whose batch norms are folded, or are not. Scales and signs are
    /// known by the tensors that read the units; those that no tensor of both networks reads are left out.
    /// </summary>
    public Transformation On(Network other)
    {
        var groups = UnitGroup.Of(other);
        var own = Groups.Index().ToDictionary(pair => (pair.Item.Name, pair.Item.Count), pair => pair.Index);
        return new(other, groups, [.. groups.Select(group =>
            own.TryGetValue((group.Name, group.Count), out int index) ? On(other, group, Groups[index], Changes[index]) : UnitChange.Identity(group))]);
    }

    private UnitChange On(Network other, UnitGroup group, UnitGroup own, UnitChange change)
    {
        var identity = UnitChange.Identity(group);
        var result = group.IsFixed ? identity : identity with { Permutation = change.Permutation };
        foreach (var reader in group.Axes.Where(axis => axis.Axis.Role == AxisRole.Outgoing))
        {
            var same = own.Axes.FirstOrDefault(axis => axis.Axis.Role == AxisRole.Outgoing && NameOf(Network, axis) == NameOf(other, reader));
            for (int place = 0; place < (same is null ? 0 : reader.PerUnit); place++)
            {
                Copy(change.Scales, same!.Scales[place], result.Scales, reader.Scales[place]);
                Copy(change.Flips, same.Flips[place], result.Flips, reader.Flips[place]);
            }
        }

        return result;
    }

    private static (string Layer, string Suffix, int Dimension) NameOf(Network network, GroupAxis axis) =>
        (network.Nodes[axis.Axis.Tensor.Node].Name, axis.Axis.Tensor.Shape.Suffix, axis.Axis.Dimension);

    private static void Copy<T>(IReadOnlyList<T[]> from, int source, IReadOnlyList<T[]> to, int target)
    {
        if (source >= 0 && target >= 0)
        {
            from[source].CopyTo(to[target], 0);
        }
    }
}
