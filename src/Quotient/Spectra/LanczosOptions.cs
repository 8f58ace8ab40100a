namespace Quotient.Spectra;

/// <summary>How eigenpairs are sought.</summary>
/// <param name="Wanted">Which ones.</param>
public sealed record LanczosOptions(Selection Wanted)
{
    /// <summary>A pair has converged when its residual is within this times |θ|, or at the rounding floor.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Vectors multiplied at once. A block as wide as a multiplicity or a cluster finds it in one go.</summary>
    public int BlockSize { get; init; } = 1;

    /// <summary>
    /// Basis vectors held at most, beside one block; 0 for 100 + 2 K, or fewer where the device's memory is short. More of
    /// them save products.
    /// </summary>
    public int BasisSize { get; init; }

    /// <summary>Products with the operator at most; pairs that have not converged by then say so.</summary>
    public int MaxProducts { get; init; } = 2000;

    /// <summary>
    /// Whether, once all wanted pairs have converged, another random vector is sent through the rest of the space, until an
    /// eigenvalue that belongs among the wanted ones can be hidden there with probability below 0.001 only. A Krylov space of one
    /// vector holds one copy of each multiple eigenvalue; this finds the others. It costs a few products, and gives up after 60,
    /// or a few full bases, without a find, as where the next eigenvalue lies hard by the last wanted one; <see
    /// cref="Eigenpairs{T}.Complete"/> says so.
    /// </summary>
    public bool FindMultiples { get; init; } = true;

    /// <summary>Whether residuals are measured as ‖A y − θ y‖, at one product a pair, instead of being taken from the recurrence.</summary>
    public bool Verify { get; init; }

    /// <summary>The seed of start vectors.</summary>
    public ulong Seed { get; init; }

    internal void Check(long dimension)
    {
        QuotientException.ThrowIf(
            Wanted.Count > dimension,
            $"{Wanted.Count} eigenvalues were asked for, of an operator of dimension {dimension}; ask for at most {dimension}");
        QuotientException.ThrowIf(Tolerance is not (> 0 and < 1), $"the tolerance is {Tolerance}; it must be between 0 and 1");
        QuotientException.ThrowIf(BlockSize < 1, $"the block size is {BlockSize}; it must be at least 1");
        QuotientException.ThrowIf(
            MaxProducts < Wanted.Count,
            $"at most {MaxProducts} products are too few for {Wanted.Count} eigenvalues; allow at least as many");
        int least = Smallest(dimension);
        QuotientException.ThrowIf(
            BasisSize != 0 && BasisSize < least,
            $"a basis of {BasisSize} vectors is too small for {Wanted.Count} eigenvalues in blocks of {BlockSize}; allow at least {least}");
    }

    /// <summary>The smallest basis that can make progress after a restart.</summary>
    internal int Smallest(long dimension) => (int)Math.Min(dimension, Wanted.Count + (3 * BlockSize) + 2);
}

/// <summary>How far a computation of a spectrum has come.</summary>
/// <param name="Stage">What is being computed: <c>eigenvalues</c>, <c>trace</c>, <c>quadrature</c>.</param>
/// <param name="Products">Products done in this stage.</param>
/// <param name="MaxProducts">Products that this stage may take at most.</param>
/// <param name="Fraction">A rough share of the stage that is done, 0 … 1.</param>
public sealed record SpectrumProgress(string Stage, double Products, double MaxProducts, double Fraction);
