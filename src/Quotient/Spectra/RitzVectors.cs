using Quotient.Backends;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>Forms the wanted eigenvectors from a Krylov space, and measures their residuals.</summary>
/// <remarks>
/// For a unit vector y and any θ, an eigenvalue lies within ‖A y − θ y‖ of θ. In single precision the recurrence knows that of the
/// operator as it was rounded, which may be far from A: forward passes, softmax and masks are rounded too. Where A has a twin in double, θ and
/// the residual are therefore taken from it, which makes the bound hold whatever was rounded on the way, for one product in double a pair.
/// </remarks>
internal static class RitzVectors
{
    private const double DoubleEpsilon = 2.220446049250313e-16;

    /// <summary>Vectors beside the basis that the double twin takes, in single precision's bytes: θ, one vector, its image, and slack.</summary>
    public const int RoomInDouble = 8;

    /// <summary>The wanted pairs, in the order of the selection. Leaves the space restarted on them.</summary>
    public static Eigenpairs<T> Extract<T>(
        KrylovSpace<T> space, LanczosOptions options, int before, bool complete, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var ritz = space.Vectors();
        int[] wanted = options.Wanted.Pick(ritz.Values);
        space.Restart(ritz, wanted);
        var basis = space.Basis.RowRange(0, wanted.Length);
        int products = space.Products - before;
        Eigenvalue[] values = [.. wanted.Select(i => ritz.Judge(i, options.Tolerance))];
        if (Measured(space.Inner, basis, ritz, options, cancellationToken) is { } measured)
        {
            (values, products) = (measured, products + wanted.Length);
        }

        int[] order = options.Wanted.Order(values);
        long n = space.Dimension;
        var vectors = space.Inner.Operator.Backend.Allocate<T>(wanted.Length * n);
        foreach (var (place, i) in order.Index())
        {
            space.Inner.Operator.Backend.Ops<T>().Copy(basis.Row(i), vectors.Slice(place * n, n));
        }

        return new(options.Wanted, [.. order.Select(i => values[i])], vectors, n, products) { Complete = complete };
    }

    /// <summary>The pairs' values and bounds from products of their own: in double where there is a twin, else only where asked for.</summary>
    private static Eigenvalue[]? Measured<T>(
        InnerProduct<T> inner, MatrixView<T> y, RitzPairs ritz, LanczosOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            return options.Verify ? InPlace() : null;
        }

        List<IDisposable> owned = [];
        try
        {
            return DoubleTwins.Of(inner.Operator, inner.Metric, owned, cancellationToken) is { } wide ? InDouble(wide) : options.Verify ? InPlace() : null;
        }
        finally
        {
            owned.ForEach(item => item.Dispose());
        }

        Eigenvalue[] InPlace() => Each(i => Measure(inner, y.Row(i), cancellationToken), ritz.Floor);

        Eigenvalue[] InDouble(InnerProduct<double> wide)
        {
            using var vector = wide.Operator.Backend.Allocate<double>(wide.Operator.Dimension);
            return Each(
                i =>
                {
                    wide.Operator.Backend.Write<double>(
                        Array.ConvertAll(inner.Operator.Backend.Read(y.Row(i)), double.CreateTruncating), vector.All);
                    return Measure(wide, vector.All, cancellationToken);
                },
                4 * DoubleEpsilon * ritz.Largest);
        }

        Eigenvalue[] Each(Func<int, (double Value, double Residual)> measure, double least) =>
        [
            .. from i in Enumerable.Range(0, (int)y.Rows)
               let pair = measure(i)
               select ritz.Judge(pair.Value, Math.Max(pair.Residual, least), options.Tolerance),
        ];
    }

    /// <summary>θ = yᵀA y / yᵀG y, which has the least residual, and ‖A y − θ G y‖ in the norm of G⁻¹, over ‖y‖ in that of G.</summary>
    private static (double Value, double Residual) Measure<T>(InnerProduct<T> inner, VectorView<T> y, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var backend = inner.Operator.Backend;
        var ops = backend.Ops<T>();
        using var image = backend.Allocate<T>(y.Length);
        using var scalars = backend.Allocate<double>(2);
        inner.Image(y.AsMatrix(1, y.Length), image.Matrix(1, y.Length), cancellationToken);
        ops.Dot(y, image.All, scalars.Slice(0, 1));
        ops.Dot(y, inner.Covector(y), scalars.Slice(1, 1));
        double[] products = backend.Read(scalars.All);
        double value = products[0] / products[1];
        ops.Axpy(-value, inner.Covector(y), image.All);
        inner.DualSquare(image.All, scalars.Slice(0, 1), cancellationToken);
        return (inner.Unit * value, inner.Unit * Math.Sqrt(Math.Max(0, backend.Read(scalars.Slice(0, 1))[0]) / products[1]));
    }
}
