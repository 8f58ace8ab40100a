using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>The twins in double of what is given in a lower precision.</summary>
internal static class DoubleTwins
{
    /// <summary>Single precision loses digits of what is smaller than this, and all of it below 1e-45.</summary>
    private const double SmallestInSingle = 1e-30;

    /// <summary>A in the inner product of G, in double, for vectors one by one; null where either has no twin.</summary>
    public static InnerProduct<double>? Of<T>(
        ISymmetricOperator<T> a, IMetric<T>? metric, ICollection<IDisposable> owned, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if ((metric is not null && metric is not IDoubleTwin) || (a as IDoubleTwin)?.InDouble(owned, cancellationToken) is not { } wide)
        {
            return null;
        }

        var wideMetric = (metric as IDoubleTwin)?.InDouble(owned, cancellationToken) as IMetric<double>;
        if (metric is not null && wideMetric is null)
        {
            return null;
        }

        var result = new InnerProduct<double>(wide, wideMetric, 1);
        owned.Add(result);
        return result;
    }

    /// <summary>Throws where an operator with a twin is of a size that single precision cannot hold.</summary>
    /// <exception cref="BelowRangeException">It is.</exception>
    public static void CheckSize<T>(ISymmetricOperator<T> a, double size) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && a is IDoubleTwin && Math.Abs(size) < SmallestInSingle)
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
                return Of(a, metric, owned, cancellationToken) is { } twin
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
