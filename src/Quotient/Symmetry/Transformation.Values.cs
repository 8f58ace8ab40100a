namespace Quotient.Symmetry;

/// <summary>What a symmetry does to the values of tensors.</summary>
public sealed partial class Transformation
{
    /// <summary>The largest number below 0 that single precision holds whole: the negative of a binary weight of 0, which counts as +1.</summary>
    private const double JustBelowZero = -1.17549435e-38;

    /// <summary>Changes the units of one group, in place: their factors alone.</summary>
    internal static void Apply(Model model, UnitGroup group, UnitChange change)
    {
        foreach (var axis in group.Axes.Where(axis => axis.Axis.Role != AxisRole.Beside))
        {
            var values = axis.Axis.IsBuffer ? model.Buffers : model.Parameters;
            var (outer, extent, inner) = axis.Axis.Extents;
            double[] factors = [.. Enumerable.Repeat(1.0, extent)];
            ForEachPlace(group, change, axis, (to, _, unit, place) =>
            {
                double factor = FactorOf(change, axis, unit, place);
                factors[to] = axis.Axis.Role == AxisRole.Incoming ? factor : 1 / factor;
            });
            var part = values.AsSpan(axis.Axis.Tensor.Range);
            for (int i = 0; i < outer * extent; i++)
            {
                double factor = factors[i % extent];
                foreach (ref double value in part.Slice(i * inner, inner))
                {
                    value *= factor;
                }
            }
        }
    }

    /// <summary>The permutation and the flips of the units that a layer makes, in the order of its output's channels; null where nothing moves them.</summary>
    /// <param name="tensor">A weight of the layer.</param>
    internal (int[] Permutation, bool[] Flips)? OfUnitsMadeBy(NetworkTensor tensor)
    {
        var own = Groups.Zip(Changes).Where(pair => !pair.First.IsFixed && pair.First.Axes.Any(IsOwn)).ToList();
        if (own.Count == 0)
        {
            return null;
        }

        int[] permutation = [.. Enumerable.Range(0, tensor.Shape.Dimensions[tensor.Shape.Axes.ToList().IndexOf(Networks.Axis.Out)])];
        bool[] flips = new bool[permutation.Length];
        foreach (var (group, change) in own)
        {
            var axis = group.Axes.First(IsOwn);
            ForEachPlace(group, change, axis, (to, from, unit, place) =>
            {
                permutation[to] = from;
                flips[to] = axis.Flips[place] >= 0 && change.Flips[axis.Flips[place]][unit];
            });
        }

        return (permutation, flips);

        bool IsOwn(GroupAxis axis) => axis.Axis.Tensor == tensor && axis.Axis.Role == AxisRole.Incoming;
    }

    /// <summary>target ← source with its axes permuted and multiplied.</summary>
    internal void ApplyTo(NetworkTensor tensor, bool isBuffer, ReadOnlySpan<double> source, Span<double> target)
    {
        var dimensions = tensor.Shape.Dimensions;
        var moves = dimensions.Select((extent, dimension) => MoveOf(tensor, isBuffer, dimension, extent)).ToList();
        int rows = dimensions[0], columns = dimensions.Count > 1 ? dimensions[1] : 1, rest = (int)(tensor.Size / rows / columns);
        for (int row = 0; row < rows; row++)
        {
            var (fromRow, rowFactor) = (moves[0].From[row], moves[0].Factors[row]);
            for (int column = 0; column < columns; column++)
            {
                int fromColumn = dimensions.Count > 1 ? moves[1].From[column] : 0;
                double factor = dimensions.Count > 1 ? rowFactor * moves[1].Factors[column] : rowFactor;
                int from = ((fromRow * columns) + fromColumn) * rest, to = ((row * columns) + column) * rest;
                for (int i = 0; i < rest; i++)
                {
                    double value = source[from + i];
                    target[to + i] = tensor.IsBinary && value == 0 && factor < 0 ? JustBelowZero : factor * value;
                }
            }
        }
    }

    /// <summary>Of each index along a dimension of a tensor where its values come from, and what they are multiplied by.</summary>
    private (int[] From, double[] Factors) MoveOf(NetworkTensor tensor, bool isBuffer, int dimension, int extent)
    {
        int[] sources = [.. Enumerable.Range(0, extent)];
        double[] factors = [.. Enumerable.Repeat(1.0, extent)];
        foreach (var (group, change) in Groups.Zip(Changes))
        {
            foreach (var axis in group.Axes)
            {
                // By place, not by the tensor itself: a model's network may be another object of the same layers.
                if (axis.Axis.IsBuffer == isBuffer && axis.Axis.Dimension == dimension && axis.Axis.Tensor.Offset == tensor.Offset)
                {
                    ForEachPlace(group, change, axis, (to, from, unit, place) =>
                    {
                        double factor = FactorOf(change, axis, unit, place);
                        sources[to] = from;
                        factors[to] *= axis.Axis.Role switch { AxisRole.Incoming => factor, AxisRole.Outgoing => 1 / factor, _ => 1 };
                    });
                }
            }
        }

        return (sources, factors);
    }

    private static double FactorOf(UnitChange change, GroupAxis axis, int unit, int place)
    {
        double scale = axis.Scales[place] < 0 ? 1 : change.Scales[axis.Scales[place]][unit];
        return axis.Flips[place] >= 0 && change.Flips[axis.Flips[place]][unit] ? -scale : scale;
    }

    private static void ForEachPlace(UnitGroup group, UnitChange change, GroupAxis axis, Action<int, int, int, int> visit)
    {
        for (int unit = 0; unit < group.Count; unit++)
        {
            for (int place = 0; place < axis.PerUnit; place++)
            {
                visit(
                    axis.Places[(unit * axis.PerUnit) + place], axis.Places[(change.Permutation[unit] * axis.PerUnit) + place], unit, place);
            }
        }
    }
}
