using System.Collections.ObjectModel;
using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>What the twins of operators in another precision are for.</summary>
internal static class Twins
{
    /// <summary>The share of a product that single precision may have wrong.</summary>
    private const double MostLost = 1e-3;

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

    /// <summary>Whether there is a twin in another precision.</summary>
    public static bool Has<T>(ISymmetricOperator<T> a, IMetric<T>? metric) where T : unmanaged, IFloatingPointIeee754<T> =>
        a is IAnyPrecision { HasTwin: true } && metric is null or IAnyPrecision { HasTwin: true };

    /// <summary>
    /// What <paramref name="given"/> finds in the operator's own precision; where that is single, and loses too many digits of the operator,
    /// what <paramref name="wide"/> finds of the twin in double.
    /// </summary>
    public static TResult Best<T, TResult>(
        ISymmetricOperator<T> a, IMetric<T>? metric, Func<TResult> given, Func<InnerProduct<double>, TResult> wide,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) || !Has(a, metric) || a is not IAnyPrecision { MayCancel: true })
        {
            return given();
        }

        using (var owned = new Owned())
        {
            if (InDouble(a, metric, owned, cancellationToken) is { } twin && IsLost(a, twin, cancellationToken))
            {
                return wide(twin);
            }
        }

        return given();
    }

    /// <summary>The twin in double; null where there is no memory for it.</summary>
    public static InnerProduct<double>? InDouble<T>(
        ISymmetricOperator<T> a, IMetric<T>? metric, ICollection<IDisposable> owned, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            return Of<T, double>(a, metric, owned, cancellationToken);
        }
        catch (DeviceOutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether single precision has a random product wrong by more than a thousandth: by cancellation, as of the residuals of a net that fits
    /// its data, or because the product is too small for it.
    /// </summary>
    private static bool IsLost<T>(ISymmetricOperator<T> a, InnerProduct<double> twin, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var vectors = a.Backend.Allocate<T>(2 * a.Dimension);
        using var wide = a.Backend.Allocate<double>(2 * a.Dimension);
        var (v, image) = (vectors.Slice(0, a.Dimension), vectors.Slice(a.Dimension, a.Dimension));
        var (exact, exactImage) = (wide.Slice(0, a.Dimension), wide.Slice(a.Dimension, a.Dimension));
        a.Backend.Ops<T>().Normal(0, RandomStreams.Start, v);
        a.Backend.Write<double>(Array.ConvertAll(a.Backend.Read(v), double.CreateTruncating), exact);
        a.Apply(v, image, cancellationToken);
        twin.Operator.Apply(exact, exactImage, cancellationToken);
        double[] truth = a.Backend.Read(exactImage);
        double[] error = [.. truth.Zip(a.Backend.Read(image), (x, y) => x - double.CreateTruncating(y))];
        return !(Length(error) <= MostLost * Length(truth));
    }

    /// <summary>‖v‖, whose squares may be beyond double.</summary>
    private static double Length(double[] v)
    {
        double unit = v.Max(Math.Abs);
        return unit > 0 && double.IsFinite(unit) ? unit * Math.Sqrt(v.Sum(x => x / unit * (x / unit))) : unit;
    }
}

/// <summary>What a twin is made of, disposed together.</summary>
internal sealed class Owned : Collection<IDisposable>, IDisposable
{
    public void Dispose()
    {
        foreach (var item in this)
        {
            item.Dispose();
        }
    }
}
