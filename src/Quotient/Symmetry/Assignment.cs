using System.Runtime.InteropServices;

namespace Quotient.Symmetry;

/// <summary>
/// The permutation π that maximises Σ_i S[i, π(i)]: the linear assignment problem, solved exactly up to rounding, by shortest augmenting paths.
/// </summary>
/// <remarks>
/// Columns have prices v; a row wants a column where S[i, j] − v_j is largest. Prices only rise, and each row that has a column has one that it
/// wants, so that at the end no other permutation is worth more: u_i + v_j ≥ S[i, j] with u_i = S[i, π(i)] − v_π(i).
/// Steps: prices from the columns' largest scores, or from an earlier problem; rows outbid each other; then for each row that is left the
/// cheapest chain of exchanges. O(n³). Of equal choices the lowest index is taken.
/// Source: Jonker, Volgenant (1987), A shortest augmenting path algorithm for dense and sparse linear assignment problems.
/// </remarks>
internal sealed class Assignment
{
    private readonly int _count;
    private readonly int[] _owners;
    private readonly double[] _open, _distances, _final, _sources;

    private Assignment(int count, double[] prices)
    {
        (_count, Prices) = (count, prices);
        (Columns, _owners) = (new int[count], new int[count]);
        (_open, _distances, _final, _sources) = (new double[count], new double[count], new double[count], new double[count]);
        Array.Fill(Columns, -1);
        Array.Fill(_owners, -1);
    }

    /// <summary>π(i) for each row.</summary>
    public int[] Columns { get; }

    /// <summary>v_j for each column: the other half of the proof that nothing is worth more.</summary>
    public double[] Prices { get; }

    /// <summary>Solves a problem.</summary>
    /// <param name="scores">S, n × n, row by row; finite.</param>
    /// <param name="count">n.</param>
    /// <param name="prices">Prices of a like problem, which make it quicker; null for none.</param>
    public static Assignment Solve(ReadOnlySpan<double> scores, int count, double[]? prices = null)
    {
        var found = new Assignment(count, prices is null ? LargestOfColumns(scores, count) : [.. prices]);
        var free = prices is null ? found.GiveColumns(scores) : [.. Enumerable.Range(0, count)];
        for (int round = 0; round < 2 && free.Count > 0; round++)
        {
            free = found.Outbid(scores, free);
        }

        foreach (int row in free)
        {
            found.Augment(scores, row);
        }

        return found;
    }

    /// <summary>Σ_i S[i, π(i)].</summary>
    public double Value(ReadOnlySpan<double> scores)
    {
        double sum = 0;
        for (int i = 0; i < _count; i++)
        {
            sum += scores[(i * _count) + Columns[i]];
        }

        return sum;
    }

    private static double[] LargestOfColumns(ReadOnlySpan<double> scores, int count)
    {
        double[] largest = [.. scores[..count]];
        for (int i = 1; i < count; i++)
        {
            var row = scores.Slice(i * count, count);
            for (int j = 0; j < count; j++)
            {
                largest[j] = Math.Max(largest[j], row[j]);
            }
        }

        return largest;
    }

    /// <summary>Gives each column to the first row that its price comes from, if that has none yet; the rows that are left.</summary>
    private List<int> GiveColumns(ReadOnlySpan<double> scores)
    {
        var free = new List<int>();
        for (int row = 0; row < _count; row++)
        {
            var own = scores.Slice(row * _count, _count);
            for (int j = 0; j < _count && Columns[row] < 0; j++)
            {
                if (_owners[j] < 0 && own[j] == Prices[j])
                {
                    Give(row, j);
                }
            }

            if (Columns[row] < 0)
            {
                free.Add(row);
            }
        }

        return free;
    }

    private void Give(int row, int column) => (Columns[row], _owners[column]) = (column, row);

    /// <summary>
    /// Each free row takes the column that it wants most and raises its price until it wants the second as much; who had it is free. Rows that
    /// two columns suit alike come again in the next round; so do all once too many bids were made, since rounding can make them small.
    /// </summary>
    private List<int> Outbid(ReadOnlySpan<double> scores, List<int> free)
    {
        var left = new List<int>();
        var waiting = new Stack<int>(Enumerable.Reverse(free));
        for (int bids = 0; waiting.TryPop(out int row); bids++)
        {
            var (best, second, margin) = TwoBest(scores.Slice(row * _count, _count));
            int column = margin == 0 && second >= 0 && _owners[best] >= 0 ? second : best;
            int former = _owners[column];
            if (former >= 0 && (margin == 0 || bids > 16 * _count))
            {
                left.Add(row);
                continue;
            }

            Prices[column] += column == best ? margin : 0;
            Give(row, column);
            if (former >= 0)
            {
                Columns[former] = -1;
                waiting.Push(former);
            }
        }

        left.Sort();
        return left;
    }

    /// <summary>The columns that a row wants most and second, −1 where there is one alone, and by how much more.</summary>
    private (int Best, int Second, double Margin) TwoBest(ReadOnlySpan<double> scores)
    {
        var (best, second) = (0, -1);
        double largest = scores[0] - Prices[0], next = double.NegativeInfinity;
        for (int j = 1; j < scores.Length; j++)
        {
            double value = scores[j] - Prices[j];
            if (value > largest)
            {
                (second, next) = (best, largest);
                (best, largest) = (j, value);
            }
            else if (value > next)
            {
                (second, next) = (j, value);
            }
        }

        return (best, second, second < 0 ? 0 : largest - next);
    }

    /// <summary>
    /// Finds the cheapest chain of exchanges that gives a free row a column, as Dijkstra finds paths, and makes them. Prices of the columns that
    /// were reached rise by as much as they were cheaper than the last.
    /// </summary>
    private void Augment(ReadOnlySpan<double> scores, int free)
    {
        Prices.CopyTo(_open, 0);
        Array.Fill(_distances, double.PositiveInfinity);
        var reached = new List<int>();
        var (row, offset) = (free, 0.0);
        int column = Relax(scores.Slice(row * _count, _count), row, offset);
        while (_owners[column] >= 0)
        {
            reached.Add(column);
            (_final[column], _distances[column], _open[column]) = (_distances[column], double.PositiveInfinity, double.PositiveInfinity);
            row = _owners[column];
            offset = _final[column] - (Prices[column] - scores[(row * _count) + column]);
            column = Relax(scores.Slice(row * _count, _count), row, offset);
        }

        double length = _distances[column];
        foreach (int passed in reached)
        {
            Prices[passed] += Math.Max(length - _final[passed], 0);
        }

        do
        {
            row = (int)_sources[column];
            (column, Columns[row], _owners[column]) = (Columns[row], column, row);
        }
        while (row != free);
    }

    /// <summary>Shortens the distances of open columns by way of a row; the nearest of them, the first of equals.</summary>
    private int Relax(ReadOnlySpan<double> scores, int row, double offset)
    {
        ref double score = ref MemoryMarshal.GetReference(scores), open = ref _open[0], distance = ref _distances[0], source = ref _sources[0];
        int width = Vector<double>.Count, whole = _count - (_count % width);
        Vector<double> least = new(double.PositiveInfinity), places = Vector<double>.Zero, from = new(row), start = new(offset);
        var (index, step) = (Vector.CreateSequence(0.0, 1.0), new Vector<double>(width));
        for (nuint j = 0; j < (nuint)whole; j += (nuint)width)
        {
            var known = Vector.LoadUnsafe(ref distance, j);
            var way = start + (Vector.LoadUnsafe(ref open, j) - Vector.LoadUnsafe(ref score, j));
            var isShorter = Vector.LessThan(way, known);
            known = Vector.ConditionalSelect(isShorter, way, known);
            known.StoreUnsafe(ref distance, j);
            Vector.ConditionalSelect(isShorter, from, Vector.LoadUnsafe(ref source, j)).StoreUnsafe(ref source, j);
            var isLeast = Vector.LessThan(known, least);
            least = Vector.ConditionalSelect(isLeast, known, least);
            places = Vector.ConditionalSelect(isLeast, index, places);
            index += step;
        }

        var (nearest, length) = (-1, double.PositiveInfinity);
        for (int lane = 0; lane < width; lane++)
        {
            Take((int)places[lane], least[lane], ref nearest, ref length);
        }

        for (int j = whole; j < _count; j++)
        {
            double way = offset + (_open[j] - scores[j]);
            if (way < _distances[j])
            {
                (_distances[j], _sources[j]) = (way, row);
            }

            Take(j, _distances[j], ref nearest, ref length);
        }

        return nearest;
    }

    private static void Take(int place, double value, ref int nearest, ref double length)
    {
        if (value < length || (value == length && !double.IsPositiveInfinity(value) && place < nearest))
        {
            (nearest, length) = (place, value);
        }
    }
}
