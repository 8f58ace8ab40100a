namespace Quotient.Spectra;

/// <summary>The tridiagonal matrix T of a probe's Lanczos steps, and what they would have gone on with.</summary>
/// <param name="Diagonal">α₁ … α_m.</param>
/// <param name="Below">β₁ … β_m, of which the last couples T to the next step; 0 where the rule is exact.</param>
internal sealed record Recurrence(double[] Diagonal, double[] Below)
{
    /// <summary>m.</summary>
    public int Count => Diagonal.Length;

    /// <summary>The Gauss rule of the first k steps.</summary>
    public GaussRule Rule(int k) => Solve(Diagonal[..k], Below);

    /// <summary>
    /// The Gauss–Radau rule with one node at <paramref name="node"/> (Golub 1973): for an f of which all even derivatives are
    /// negative, as the logarithm's are, its value and the Gauss rule's enclose the integral, where no eigenvalue is below the node.
    /// </summary>
    public GaussRule RuleWith(double node)
    {
        if (Below[^1] == 0)
        {
            return Rule(Count);
        }

        // One of the two factors is divided by the pivot first, for no square to overflow or vanish.
        double pivot = Diagonal[0] - node;
        for (int i = 1; i < Count; i++)
        {
            pivot = Diagonal[i] - node - (Below[i - 1] / pivot * Below[i - 1]);
        }

        double last = node + (Below[^1] / pivot * Below[^1]);
        return double.IsFinite(last) ? Solve([.. Diagonal, last], Below) : Rule(Count);
    }

    private static GaussRule Solve(double[] diagonal, double[] below)
    {
        int n = diagonal.Length;
        var (t, first) = (new double[n * n], new double[n]);
        first[0] = 1;
        for (int i = 0; i < n; i++)
        {
            t[(i * n) + i] = diagonal[i];
            if (i > 0)
            {
                t[(i * n) + i - 1] = below[i - 1];
            }
        }

        double[] nodes = SymmetricEigen.Dense(t, n, first, 1);
        return new(nodes, [.. first.Select(s => s * s)]);
    }
}
