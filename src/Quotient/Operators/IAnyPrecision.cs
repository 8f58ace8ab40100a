namespace Quotient.Operators;

/// <summary>
/// An operator or a metric that can be evaluated in another precision as well, from the same unrounded inputs: the difference shows what
/// rounding does to it. It is symmetric by construction, whatever rounding does to its symmetry.
/// </summary>
public interface IAnyPrecision
{
    /// <summary>Whether there is a twin, as there is unless a part of it has none.</summary>
    bool HasTwin => true;

    /// <summary>Whether single precision might lose more than a thousandth of it, so that a comparison with the twin is worth its cost.</summary>
    bool MayCancel => true;

    /// <summary>The twin in another precision, which is a metric where this is one; null where a part of it has none.</summary>
    /// <param name="owned">Takes what the caller is to dispose when done with the twin.</param>
    /// <param name="cancellationToken">Stops the work that makes it.</param>
    ISymmetricOperator<TOther>? In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>;
}
