using System.Text;

namespace Quotient.Symmetry;

/// <summary>Where the units of a group stand on one axis of a tensor.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Places">Indices along it: those of unit i are Places[i · PerUnit …], ascending.</param>
/// <param name="PerUnit">How many each unit has: more than one behind a flattened image.</param>
/// <param name="Scales">For each of these, which of the group's scales multiplies it; −1 for none.</param>
/// <param name="Flips">For each of these, which of the group's signs.</param>
internal sealed record GroupAxis(UnitAxis Axis, int[] Places, int PerUnit, int[] Scales, int[] Flips);

/// <summary>
/// Units that can change places among each other: they stand on the same axes of the same tensors, as often. The hidden units of a dense layer
/// are a group; layers whose outputs a residual sum adds share one.
/// </summary>
public sealed class UnitGroup
{
    internal UnitGroup(string name, int count, bool isFixed, IReadOnlyList<GroupAxis> axes, int scales, int flips) =>
        (Name, Count, IsFixed, Axes, ScaleCount, FlipCount) = (name, count, isFixed, axes, scales, flips);

    /// <summary>The name of the layer that makes them, the first where there are several; with a number behind it from a layer's second group on.</summary>
    public string Name { get; }

    /// <summary>The number of units.</summary>
    public int Count { get; }

    /// <summary>Whether each unit has its place: inputs and outputs of the network.</summary>
    public bool IsFixed { get; }

    /// <summary>How many factors above 0 each unit has: one for a hidden unit of ReLUs, a second before a batch norm, none where weights are ±1.</summary>
    public int ScaleCount { get; }

    /// <summary>How many signs each unit has: one before a sign activation, none before a ReLU.</summary>
    public int FlipCount { get; }

    internal IReadOnlyList<GroupAxis> Axes { get; }

    /// <summary>All groups of a network, in the order of the layers that make their units, derived from its graph.</summary>
    public static IReadOnlyList<UnitGroup> Of(Network network) => Of(network, new(network));

    internal static IReadOnlyList<UnitGroup> Of(Network network, UnitAxes axes)
    {
        var groups = new List<UnitGroup>();
        var names = new Dictionary<string, int>();
        foreach (var members in MembersOf(axes).GroupBy(unit => unit.Key).Select(group => group.ToList()))
        {
            // Names count what nothing can be done to as well, so that they stay when batch norms are folded.
            var first = members[0];
            string layer = network.Nodes[axes.All[first.Places[0].Axis].Tensor.Node].Name;
            int number = names[layer] = names.GetValueOrDefault(layer) + 1;
            if (first.Scales.Count + first.Flips.Count == 0 && (first.IsFixed || members.Count == 1))
            {
                continue;
            }

            groups.Add(new(
                number == 1 ? layer : $"{layer}#{number}", members.Count, first.IsFixed, [.. AxesOf(axes, members)], first.Scales.Count, first.Flips.Count));
        }

        return groups;
    }

    private static IEnumerable<GroupAxis> AxesOf(UnitAxes axes, List<Member> members) =>
        from axis in members[0].Places.Select(place => place.Axis).Distinct()
        let own = members[0].Places.Where(place => place.Axis == axis).ToList()
        select new GroupAxis(
            axes.All[axis], [.. members.SelectMany(unit => unit.Places).Where(place => place.Axis == axis).Select(place => place.Index)], own.Count,
            [.. own.Select(place => place.Scale)], [.. own.Select(place => place.Flip)]);

    /// <summary>The units that weights make, in the order in which they first stand on an axis; what reads zeros, as a shortcut pads, has no unit.</summary>
    private static List<Member> MembersOf(UnitAxes axes)
    {
        var members = new Dictionary<int, Member>();
        foreach (var (number, axis) in axes.All.Index())
        {
            for (int index = 0; index < axis.Strands.Length; index++)
            {
                var strand = axes.Resolve(axis.Strands[index]);
                if (!members.TryGetValue(strand.Unit, out var unit))
                {
                    members.Add(strand.Unit, unit = new(axes.HasFixedUnit(strand)));
                }

                unit.Places.Add(new(
                    number, index, axes.HasFixedScale(strand) ? -1 : NumberOf(unit.Scales, strand.Scale),
                    axes.HasFixedFlip(strand) ? -1 : NumberOf(unit.Flips, strand.Flip)));
            }
        }

        return [.. members.Values.Where(unit => unit.Places.Any(place => axes.All[place.Axis].Role == AxisRole.Incoming))];
    }

    private static int NumberOf(List<int> known, int item)
    {
        int number = known.IndexOf(item);
        if (number < 0)
        {
            known.Add(item);
            number = known.Count - 1;
        }

        return number;
    }

    private readonly record struct Place(int Axis, int Index, int Scale, int Flip);

    /// <summary>A unit, where it stands, and its scales and signs in the order in which they are met.</summary>
    private sealed class Member(bool isFixed)
    {
        private string? _key;

        public bool IsFixed { get; } = isFixed;

        public List<Place> Places { get; } = [];

        public List<int> Scales { get; } = [];

        public List<int> Flips { get; } = [];

        /// <summary>What units have in common that can change places; one that has its place shares it with others of the same axes.</summary>
        public string Key
        {
            get
            {
                if (_key is null)
                {
                    var text = new StringBuilder(IsFixed ? "fixed" : "");
                    Places.ForEach(place => text.Append(CultureInfo.InvariantCulture, $" {place.Axis},{place.Scale},{place.Flip}"));
                    _key = text.ToString();
                }

                return _key;
            }
        }
    }
}
