using Quotient.Data.Generators;

namespace Quotient.Symmetry;

/// <summary>
/// One coordinate ascent on the similarity Σ ⟨w_A, w_B⟩ from one start: group after group, in random order, B's units are assigned by all
/// weights that touch them while the other groups stay. A group is left out while nothing beside it has changed since it was last assigned.
/// </summary>
internal sealed class WeightDescent
{
    /// <summary>The sweeps after which it ends at the latest.</summary>
    public const int MostSweeps = 100;

    /// <summary>Of the value, where that is above 1.</summary>
    private const double LeastGain = 1e-12;

    private readonly UnitProducts _products;
    private readonly PhiloxStream _random;
    private readonly int[] _order, _versions;
    private readonly List<GroupState> _groups;
    private int _position;
    private bool _gained;
    private double[] _scores = [];

    /// <summary>From a start, which it changes.</summary>
    public WeightDescent(UnitProducts products, UnitChange[] start, PhiloxStream random)
    {
        (_products, Changes, _random) = (products, start, random);
        var pair = products.Pair;
        _versions = new int[start.Length];
        _order = [.. Enumerable.Range(0, start.Length).Where(group => MatchingPair.IsMovable(pair.Groups[group]))];
        _groups = [.. pair.Blocks.Select(blocks => new GroupState(pair, blocks))];
        (_position, _gained) = (_order.Length, true);
    }

    /// <summary>The changes of B's groups so far.</summary>
    public UnitChange[] Changes { get; }

    /// <summary>Whether nothing is left to gain.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Sweeps begun.</summary>
    public int Sweeps { get; private set; }

    /// <summary>Goes to the next group that is to be assigned and computes its scores, on the device.</summary>
    public void Score()
    {
        while (!IsDone)
        {
            if (_position == _order.Length)
            {
                BeginSweep();
                continue;
            }

            var group = _groups[_order[_position]];
            if (group.IsOutdated(_versions))
            {
                _scores = group.Scores(_products, Changes, _versions);
                return;
            }

            _position++;
        }
    }

    /// <summary>Assigns that group, on any thread, and takes the change if it gains.</summary>
    public void Assign()
    {
        int index = _order[_position++];
        var (pair, state) = (_products.Pair, _groups[index]);
        var (own, before) = (pair.Groups[index], Changes[index]);
        int[] partners = own.IsFixed ? [.. before.Permutation] : state.Solve(_scores, own.Count);
        var change = state.WithSigns(own, partners);
        double value = state.Value(before), gain = state.Value(change) - value;
        double least = LeastGain * Math.Max(1, Math.Abs(value));
        if (gain > least && state.IsLoop)
        {
            // The group stands on both axes of a tensor: the scores hold for one of them only while the other stays.
            double known = pair.Similarity(Changes);
            Changes[index] = change;
            gain = pair.Similarity(Changes) - known;
            Changes[index] = before;
        }

        if (gain > least)
        {
            Changes[index] = change;
            _versions[index]++;
            _gained = true;
        }
    }

    private void BeginSweep()
    {
        IsDone = !_gained || Sweeps == MostSweeps || _order.Length == 0;
        if (!IsDone)
        {
            (_position, _gained) = (0, false);
            Sweeps++;
            Shuffle(_order, _random);
        }
    }

    /// <summary>Puts items into a random order, all of them equally likely.</summary>
    public static void Shuffle(int[] items, PhiloxStream random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
