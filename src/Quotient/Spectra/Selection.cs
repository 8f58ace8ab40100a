using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>Which eigenpairs are wanted, and in which order they are returned.</summary>
public sealed record Selection
{
    private readonly bool _byMagnitude;

    private Selection(int top, int bottom, bool byMagnitude = false) =>
        (Top, Bottom, _byMagnitude) = (top, bottom, byMagnitude);

    /// <summary>How many of the algebraically largest, or of the largest by magnitude.</summary>
    public int Top { get; }

    /// <summary>How many of the algebraically smallest.</summary>
    public int Bottom { get; }

    /// <summary>The number of pairs wanted.</summary>
    public int Count => Top + Bottom;

    /// <summary>The k algebraically largest, largest first.</summary>
    public static Selection Largest(int k) => BothEnds(k, 0);

    /// <summary>The k algebraically smallest, smallest first.</summary>
    public static Selection Smallest(int k) => BothEnds(0, k);

    /// <summary>The k largest by absolute value, largest first.</summary>
    public static Selection Magnitude(int k) => Checked(new(k, 0, true));

    /// <summary>The <paramref name="top"/> largest, largest first, then the <paramref name="bottom"/> smallest, smallest first.</summary>
    public static Selection BothEnds(int top, int bottom) => Checked(new(top, bottom));

    /// <summary>Positions of the wanted among ascending values, of which there are at least <see cref="Count"/>.</summary>
    internal int[] Pick(double[] ascending) => Extremes(ascending, Top, Bottom);

    /// <summary>The order in which wanted values are returned: of each end the most extreme first.</summary>
    internal int[] Order(IReadOnlyList<Eigenvalue> wanted) =>
    [
        .. Enumerable.Range(0, Top).OrderByDescending(i => _byMagnitude ? Math.Abs(wanted[i].Value) : wanted[i].Value),
        .. Enumerable.Range(Top, Bottom).OrderBy(i => wanted[i].Value),
    ];

    /// <summary>Positions of the wanted and of the <paramref name="spare"/> next to them, at the ends in use.</summary>
    internal int[] PickWith(double[] ascending, int spare)
    {
        spare = Math.Min(spare, ascending.Length - Count);
        int below = Top == 0 ? spare : Bottom == 0 ? 0 : spare / 2;
        return Extremes(ascending, Top + spare - below, Bottom + below);
    }

    /// <summary>Values beyond which an eigenvalue, were it missing, would change what is wanted by more than its slack.</summary>
    internal IEnumerable<double> Guards(double[] ascending, Func<double, double> slack)
    {
        int[] wanted = Pick(ascending);
        if (Top > 0)
        {
            double last = ascending[wanted[Top - 1]], guard = (_byMagnitude ? Math.Abs(last) : last) + slack(last);
            yield return guard;
            if (_byMagnitude)
            {
                yield return -guard;
            }
        }

        if (Bottom > 0)
        {
            double last = ascending[wanted[^1]];
            yield return last - slack(last);
        }
    }

    private static Selection Checked(Selection selection) =>
        selection is { Top: >= 0, Bottom: >= 0, Count: > 0 }
            ? selection
            : throw new QuotientException(
                $"eigenvalues asked for are {selection.Top} at the top and {selection.Bottom} at the bottom; at least one in all, and none negative, is needed");

    private int[] Extremes(double[] ascending, int top, int bottom)
    {
        int n = ascending.Length;
        return _byMagnitude
            ? [.. Enumerable.Range(0, n).OrderByDescending(i => Math.Abs(ascending[i])).Take(top)]
            : [.. Enumerable.Range(0, top).Select(i => n - 1 - i), .. Enumerable.Range(0, bottom)];
    }
}
