namespace Quotient.Spectra;

/// <summary>
/// A second look at what a Krylov space cannot contain: the Lanczos steps of a random vector orthogonal to all found so far, which
/// sees the further copies of multiple eigenvalues.
/// </summary>
internal sealed class Chain
{
    private readonly List<int> _rows = [];

    /// <summary>Whether its last vector is still to be expanded.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Its steps; 0 where none was begun, or the last proved nothing.</summary>
    public int Length => _rows.Count;

    /// <summary>Begins with the vector in <paramref name="row"/>.</summary>
    public void Begin(int row)
    {
        _rows.Clear();
        _rows.Add(row);
        IsRunning = true;
    }

    public void Clear()
    {
        _rows.Clear();
        IsRunning = false;
    }

    /// <summary>Its last vector was expanded, into the one in <paramref name="row"/>; null for none.</summary>
    /// <param name="row">The new vector's row.</param>
    /// <param name="isComplete">Whether nothing was left to go on with, rather than no room: then it has proved nothing.</param>
    public void Follow(int? row, bool isComplete)
    {
        if (!IsRunning)
        {
            return;
        }

        if (row is { } next)
        {
            _rows.Add(next);
        }
        else if (!isComplete)
        {
            _rows.Clear();
        }

        IsRunning = row is not null;
    }

    /// <summary>
    /// The largest share of the first vector that an eigenvector at λ, outside the hull of the chain's Ritz values, can
    /// have without contradicting its steps: 1 / Σ_j q_j(λ)², q_j the orthonormal polynomials (Christoffel's function).
    /// </summary>
    public double HiddenShare(ProjectedMatrix t, double lambda)
    {
        if (Length > 0 && !IsRunning)
        {
            return 0;
        }

        double sum = 1, previous = 0, current = 1, beside = 0;
        for (int j = 0; j + 1 < Length && double.IsFinite(sum); j++)
        {
            double next = (((lambda - t[_rows[j], _rows[j]]) * current) - (beside * previous)) / t[_rows[j + 1], _rows[j]];
            (previous, current, beside) = (current, next, t[_rows[j + 1], _rows[j]]);
            sum += next * next;
        }

        return 1 / sum;
    }
}
