using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>What the twins of operators in another precision are for.</summary>
internal static class Twins
{
    /// <summary>Single precision loses digits of what is smaller than this, and all of it below 1e-45.</summary>
    private const double SmallestInSingle = 1e-30;

    /// <summary>A in the inner product of G, in another precision, for vectors one by one; null where either has no twin.</summary>
    public static InnerProduct<TOther>? Of<T, TOther>(
        ISymmetricOperator<T> a, IMetric<T>? metric, ICollection<IDisposable> owned, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        if ((metric is not null && metric is not IAnyPrecision) || (a as IAnyPrecision)?.In<TOther>(owned, cancellationToken) is not { } twin)
        {
            return null;
        }

        var twinMetric = (metric as IAnyPrecision)?.In<TOther>(owned, cancellationToken) as IMetric<TOther>;
        if (metric is not null && twinMetric is null)
        {
            return null;
        }

        var result = new InnerProduct<TOther>(twin, twinMetric, 1);
        owned.Add(result);
        return result;
    }

    /// <summary>Whether single precision holds all digits of a size, and has room above it.</summary>
    public static bool IsInSingle(double size) => Math.Abs(size) is > SmallestInSingle and < 1 / SmallestInSingle;

    /// <summary>Throws where an operator with a twin is of a size that single precision cannot hold.</summary>
    /// <exception cref="BelowRangeException">It is.</exception>
    public static void CheckSize<T>(ISymmetricOperator<T> a, double size) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && a is IAnyPrecision && Math.Abs(size) < SmallestInSingle)
        {
            throw new BelowRangeException();
        }
    }

    /// <summary>What <paramref name="narrow"/> finds; where it ends at <see cref="CheckSize"/>, what <paramref name="wide"/> finds of the twin.</summary>
    /// <exception cref="QuotientException">There is no twin.</exception>
    public static TResult Instead<T, TResult>(
        ISymmetricOperator<T> a, IMetric<T>? metric, Func<TResult> narrow, Func<InnerProduct<double>, TResult> wide,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            return narrow();
        }
        catch (BelowRangeException)
        {
            List<IDisposable> owned = [];
            try
            {
                return Of<T, double>(a, metric, owned, cancellationToken) is { } twin
                    ? wide(twin)
                    : throw new QuotientException("the operator is too small for single precision; use double");
            }
            finally
            {
                owned.ForEach(item => item.Dispose());
            }
        }
    }
}

/// <summary>An operator is too small for single precision.</summary>
internal sealed class BelowRangeException : ArithmeticException;
