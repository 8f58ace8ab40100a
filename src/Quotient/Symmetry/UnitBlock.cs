namespace Quotient.Symmetry;

/// <summary>
/// One axis of a tensor along which a group's units stand, as a matrix with a row for each unit: what makes it, or what reads it.
/// </summary>
/// <param name="Group">The group's index.</param>
/// <param name="Units">The number of units.</param>
/// <param name="Tensor">The tensor, a trainable one.</param>
/// <param name="Dimension">The axis' place among its dimensions, 0 or 1.</param>
/// <param name="IsMade">Whether the tensor makes the units, rather than reading them.</param>
/// <param name="Places">Indices along the axis: those of unit i are Places[i · PerUnit …].</param>
/// <param name="PerUnit">How many each unit has.</param>
/// <param name="Signs">For each of these the group's signs that multiply it, as bits: the first is 1, the second 2.</param>
internal sealed record UnitBlock(
    int Group, int Units, NetworkTensor Tensor, int Dimension, bool IsMade, int[] Places, int PerUnit, int[] Signs)
{
    private int Rows => Tensor.Shape.Dimensions[0];

    private int Columns => Tensor.Shape.Dimensions.Count > 1 ? Tensor.Shape.Dimensions[1] : 1;

    private int Inner => (int)(Tensor.Size / Rows / Columns);

    /// <summary>The tensor's other axis that units stand on; −1 where it has none.</summary>
    public int OtherDimension => Tensor.Shape.Dimensions.Count > 1 ? 1 - Dimension : -1;

    /// <summary>The combinations of signs that its places have.</summary>
    public IEnumerable<int> Combinations => Signs.Distinct().Order();

    /// <summary>The blocks of a group: a block for each axis, once where the tensor both makes and reads the units there, as a batch norm's γ does.</summary>
    public static IReadOnlyList<UnitBlock> Of(UnitGroup group, int index) =>
    [
        .. from axis in @group.Axes
           where !axis.Axis.IsBuffer && axis.Axis.Role != AxisRole.Beside
           group axis by (axis.Axis.Tensor, axis.Axis.Dimension) into own
           let first = own.First()
           select new UnitBlock(
               index, @group.Count, own.Key.Tensor, own.Key.Dimension, own.Any(axis => axis.Axis.Role == AxisRole.Incoming), first.Places, first.PerUnit,
               [.. Enumerable.Range(0, first.PerUnit).Select(place => own.Aggregate(0, (bits, axis) => bits ^ BitOf(axis.Flips[place])))]),
    ];

    /// <summary>The length of a row: the values of a unit whose places have a combination of signs.</summary>
    public int WidthOf(int signs) => Signs.Count(own => own == signs) * (Dimension == 0 ? Columns : Rows) * Inner;

    /// <summary>
    /// Writes a row for each unit with the values of its places that have a combination of signs, the tensor's other axis moved.
    /// </summary>
    /// <param name="theta">θ.</param>
    /// <param name="signs">The combination.</param>
    /// <param name="other">What happens along the other axis.</param>
    /// <param name="rows">Units × <see cref="WidthOf"/>.</param>
    public void Gather(ReadOnlySpan<double> theta, int signs, AxisMove other, Span<double> rows)
    {
        var values = theta[Tensor.Range];
        int[] own = [.. Enumerable.Range(0, PerUnit).Where(place => Signs[place] == signs)];
        int across = Dimension == 0 ? Columns : Rows, width = own.Length * across * Inner;
        for (int first = 0; first < Units; first += Strip)
        {
            int last = Math.Min(first + Strip, Units);
            for (int i = 0; i < across; i++)
            {
                var (from, factor) = (other.From[i], other.Factors[i]);
                for (int unit = first; unit < last; unit++)
                {
                    for (int place = 0; place < own.Length; place++)
                    {
                        int at = Places[(unit * PerUnit) + own[place]];
                        int source = (Dimension == 0 ? (at * Columns) + from : (from * Columns) + at) * Inner;
                        int target = (unit * width) + (((place * across) + i) * Inner);
                        for (int j = 0; j < Inner; j++)
                        {
                            rows[target + j] = factor * values[source + j];
                        }
                    }
                }
            }
        }
    }

    /// <summary>Puts what a change of the units does along this axis to the rest of it.</summary>
    public void Move(UnitChange change, AxisMove axis)
    {
        for (int unit = 0; unit < Units; unit++)
        {
            for (int place = 0; place < PerUnit; place++)
            {
                int to = Places[(unit * PerUnit) + place];
                axis.From[to] = Places[(change.Permutation[unit] * PerUnit) + place];
                axis.Factors[to] = SignChoice.Of(change, unit, Signs[place]);
            }
        }
    }

    /// <summary>Units that are gathered together, so that short strips of memory stay in the caches.</summary>
    private const int Strip = 16;

    private static int BitOf(int flip) => flip < 0 ? 0 : 1 << flip;
}

/// <summary>What happens to the indices along one axis of a tensor: where each one's values come from, and their signs.</summary>
internal sealed record AxisMove(int[] From, double[] Factors)
{
    /// <summary>Nothing.</summary>
    public static AxisMove None(int extent) => new([.. Enumerable.Range(0, extent)], [.. Enumerable.Repeat(1.0, extent)]);
}
