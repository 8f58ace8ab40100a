namespace Quotient.Symmetry;

/// <summary>The parameters of two networks of one architecture, laid out by the units whose partners are sought. B stays; changes of it are values.</summary>
internal sealed class MatchingPair
{
    private readonly Dictionary<(long Offset, int Dimension), List<UnitBlock>> _alongAxis = [];

    /// <summary>Of parameters in one network's order.</summary>
    public MatchingPair(Network network, IReadOnlyList<UnitGroup> groups, double[] a, double[] b)
    {
        (Network, Groups, A, B) = (network, groups, a, b);
        Blocks = [.. groups.Select((group, index) => UnitBlock.Of(group, index))];
        foreach (var block in Blocks.SelectMany(own => own))
        {
            var key = (block.Tensor.Offset, block.Dimension);
            _alongAxis.TryAdd(key, []);
            _alongAxis[key].Add(block);
        }
    }

    /// <summary>Of two standard forms.</summary>
    /// <exception cref="QuotientException">Parameters are not finite.</exception>
    public static MatchingPair Of(StandardForm a, StandardForm b) =>
        new(b.Model.Network, b.Spheres.Groups, ValuesOf(a, "first"), ValuesOf(b, "second"));

    /// <summary>The architecture, under B's names.</summary>
    public Network Network { get; }

    /// <summary>Its groups of units.</summary>
    public IReadOnlyList<UnitGroup> Groups { get; }

    /// <summary>θ_A; binary weights are ±1.</summary>
    public double[] A { get; }

    /// <summary>θ_B before any change.</summary>
    public double[] B { get; }

    /// <summary>The blocks of each group.</summary>
    public IReadOnlyList<IReadOnlyList<UnitBlock>> Blocks { get; }

    /// <summary>No change.</summary>
    public UnitChange[] Unchanged => [.. Groups.Select(UnitChange.Identity)];

    /// <summary>The parameters of a standard form; binary weights as the signs that they count for.</summary>
    public static double[] ValuesOf(StandardForm form, string which)
    {
        var model = form.Model;
        double[] values = [.. model.Parameters];
        QuotientException.ThrowIf(
            !values.All(double.IsFinite), $"the {which} of the networks to match, {model.Network}, has weights that are no finite numbers in standard form");
        foreach (var tensor in model.Network.Tensors.Where(tensor => tensor.IsBinary))
        {
            foreach (ref double value in values.AsSpan(tensor.Range))
            {
                value = value < 0 ? -1 : 1;
            }
        }

        return values;
    }

    /// <summary>The groups on whose changes the other axis of a block depends.</summary>
    public IEnumerable<int> NeighboursOf(UnitBlock block) =>
        _alongAxis.GetValueOrDefault((block.Tensor.Offset, block.OtherDimension), []).Where(other => IsMovable(Groups[other.Group])).Select(other => other.Group);

    /// <summary>Whether units of a group can change places or signs.</summary>
    public static bool IsMovable(UnitGroup group) => group.FlipCount > 0 || (!group.IsFixed && group.Count > 1);

    /// <summary>What changes do along one axis of a tensor.</summary>
    public AxisMove MoveOf(NetworkTensor tensor, int dimension, IReadOnlyList<UnitChange> changes)
    {
        var move = AxisMove.None(dimension >= 0 && dimension < tensor.Shape.Dimensions.Count ? tensor.Shape.Dimensions[dimension] : 1);
        foreach (var block in _alongAxis.GetValueOrDefault((tensor.Offset, dimension), []))
        {
            block.Move(changes[block.Group], move);
        }

        return move;
    }

    /// <summary>Σ ⟨w_A, w_B⟩ after changes.</summary>
    public double Similarity(IReadOnlyList<UnitChange> changes)
    {
        double sum = 0;
        foreach (var tensor in Network.Tensors)
        {
            var (rows, columns) = (MoveOf(tensor, 0, changes), MoveOf(tensor, 1, changes));
            int inner = (int)(tensor.Size / rows.From.Length / columns.From.Length);
            int at = (int)tensor.Offset;
            double ofTensor = 0;
            for (int i = 0; i < rows.From.Length; i++)
            {
                for (int j = 0; j < columns.From.Length; j++)
                {
                    int from = (int)tensor.Offset + (((rows.From[i] * columns.From.Length) + columns.From[j]) * inner);
                    double factor = rows.Factors[i] * columns.Factors[j];
                    for (int k = 0; k < inner; k++)
                    {
                        ofTensor += factor * A[at++] * B[from + k];
                    }
                }
            }

            sum += ofTensor;
        }

        return sum;
    }
}
