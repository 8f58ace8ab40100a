namespace Quotient.Spectra;

/// <summary>The points j·step, j whole, that lie near some nodes, and a coarse selection of those between.</summary>
internal sealed class Lattice
{
    private const int CoarsePoints = 200;
    private readonly long[] _indices;
    private readonly double _step;

    private Lattice(long[] indices, double step) => (_indices, _step) = (indices, step);

    /// <summary>The number of points.</summary>
    public int Count => _indices.Length;

    /// <summary>Every point within <paramref name="reach"/> of a node, and about 200 over the whole range with a margin.</summary>
    public static Lattice Around(double[] nodes, double step, double reach)
    {
        var indices = new SortedSet<long>();
        foreach (double node in nodes)
        {
            long end = (long)Math.Ceiling((node + reach) / step);
            for (long j = (long)Math.Floor((node - reach) / step); j <= end; j++)
            {
                indices.Add(j);
            }
        }

        long margin = (indices.Max - indices.Min) / 20, from = indices.Min - margin, to = indices.Max + margin;
        long stride = Math.Max(1, (to - from) / CoarsePoints);
        for (long j = from; j <= to; j += stride)
        {
            indices.Add(j);
        }

        return new([.. indices], step);
    }

    /// <summary>Point i, ascending.</summary>
    public double Point(int i) => _indices[i] * _step;

    /// <summary>The first point at or above t; <see cref="Count"/> where there is none.</summary>
    public int FirstAtLeast(double t)
    {
        int found = Array.BinarySearch(_indices, (long)Math.Ceiling(t / _step));
        return found >= 0 ? found : ~found;
    }
}
