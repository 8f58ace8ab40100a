using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>Forms the wanted eigenvectors from a Krylov space, and measures their residuals.</summary>
/// <remarks>
/// For a unit vector y and any θ, an eigenvalue lies within ‖A y − θ y‖ of θ. The recurrence knows that of the operator as it was rounded,
/// which may be far from A: forward passes, softmax and masks are rounded too. Where A has a twin in another precision, in single
/// precision θ and the residual are taken from the one in double, which makes the bound hold whatever was rounded on the way, for one product
/// in double a pair. In double the difference that single precision makes shows how much rounding is amplified.
/// </remarks>
internal static class RitzVectors
{
    private const double DoubleEpsilon = 2.220446049250313e-16;

    /// <summary>ε of double over that of single, 2⁻²⁹, 16 times: two roundings of one product differ by chance too.</summary>
    private const double DoubleToSingle = 16.0 / (1 << 29);

    /// <summary>The rounding of double where single precision cannot show it: that of logits in the hundreds.</summary>
    private const double UnknownRounding = 1000 * DoubleEpsilon;

    /// <summary>Vectors that are measured at once.</summary>
    private const int Block = 4;

    /// <summary>Vectors beside the basis that the twin takes, in single precision's bytes: θ, a block, its images, and slack.</summary>
    public const int RoomForTwin = 4 + (4 * Block);

    /// <summary>The wanted pairs, in the order of the selection. Leaves the space restarted on them.</summary>
    public static Eigenpairs<T> Extract<T>(
        KrylovSpace<T> space, LanczosOptions options, int before, bool complete, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var ritz = space.Vectors();
        int[] wanted = options.Wanted.Pick(ritz.Values);
        space.Restart(ritz, wanted);
        var basis = space.Basis.RowRange(0, wanted.Length);
        var values = Judged(space.Inner, basis, ritz, wanted, options, out int extra, cancellationToken);
        int[] order = options.Wanted.Order(values);
        var backend = space.Inner.Operator.Backend;
        long n = space.Dimension;
        var vectors = backend.Allocate<T>(wanted.Length * n);
        foreach (var (place, i) in order.Index())
        {
            backend.Ops<T>().Copy(basis.Row(i), vectors.Slice(place * n, n));
        }

        return new(options.Wanted, [.. order.Select(i => values[i])], vectors, n, space.Products - before + extra) { Complete = complete };
    }

    /// <summary>The pairs with their bounds, and the products that these took.</summary>
    private static Eigenvalue[] Judged<T>(
        InnerProduct<T> inner, MatrixView<T> y, RitzPairs ritz, int[] wanted, LanczosOptions options, out int products,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var owned = new Owned();
        try
        {
            bool hasTwin = Twins.Has(inner.Operator, inner.Metric);
            if (typeof(T) == typeof(float) && hasTwin && Twins.Of<T, double>(inner.Operator, inner.Metric, owned, cancellationToken) is { } wide)
            {
                products = wanted.Length;
                double least = 4 * DoubleEpsilon * ritz.Largest;
                return
                [
                    .. from pair in MeasureInDouble(inner.Operator.Backend, wide, y, cancellationToken)
                       select ritz.Judge(pair.Value, Math.Max(pair.Residual, least), options.Tolerance),
                ];
            }

            products = 0;
            if (typeof(T) == typeof(double) && hasTwin)
            {
                products = 1;
                ritz = ritz with { Beyond = Amplified(inner, inner.Operator.Backend.Read(y.Row(0)), ritz.Largest, owned, cancellationToken) };
            }

            if (!options.Verify)
            {
                return [.. wanted.Select(i => ritz.Judge(i, options.Tolerance))];
            }

            products += wanted.Length;
            return
            [
                .. from pair in Measure(inner, y, cancellationToken)
                   select ritz.Judge(pair.Value, Math.Max(pair.Residual, ritz.Floor), options.Tolerance),
            ];
        }
        catch (DeviceOutOfMemoryException)
        {
            // Bounds that could not be checked are those of the recurrence, which do not hold all rounding: they count as unconverged.
            products = 0;
            return [.. wanted.Select(i => ritz.Judge(i, options.Tolerance) with { Converged = false })];
        }
    }

    /// <summary>The rounding of A y in double, from that in single precision: ‖A₃₂y − A₆₄y‖ in the norm of G⁻¹, scaled down.</summary>
    private static double Amplified<T>(
        InnerProduct<T> inner, T[] y, double size, Owned owned, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        InnerProduct<float>? narrow;
        try
        {
            narrow = Twins.Of<T, float>(inner.Operator, inner.Metric, owned, cancellationToken);
        }
        catch (QuotientException)
        {
            // Parameters, loss or metric are beyond single precision.
            narrow = null;
        }

        if (narrow is null)
        {
            return UnknownRounding * size;
        }

        var backend = inner.Operator.Backend;
        float[] rounded = Array.ConvertAll(y, float.CreateTruncating);
        using var from = backend.Store<float>(rounded);
        using var to = backend.Allocate<float>(y.Length);
        using var exact = backend.Store<T>(Array.ConvertAll(rounded, T.CreateTruncating));
        using var image = backend.Allocate<T>(y.Length);
        using var square = backend.Allocate<double>(1);
        narrow.Image(from.Matrix(1, y.Length), to.Matrix(1, y.Length), cancellationToken);
        inner.Image(exact.Matrix(1, y.Length), image.Matrix(1, y.Length), cancellationToken);
        using var seen = backend.Store<T>(Array.ConvertAll(backend.Read(to.All), value => T.CreateTruncating(value / inner.Unit)));
        backend.Ops<T>().Axpy(-1, seen.All, image.All);
        inner.DualSquare(image.All, square.All, cancellationToken);
        double difference = inner.Unit * Math.Sqrt(backend.Read(square.All)[0]);
        return double.IsFinite(difference) ? DoubleToSingle * difference : UnknownRounding * size;
    }

    /// <summary>What <see cref="Measure{T}(InnerProduct{T}, MatrixView{T}, CancellationToken)"/> finds of the rows of y, copied to double block by block.</summary>
    private static List<(double Value, double Residual)> MeasureInDouble<T>(
        IBackend backend, InnerProduct<double> wide, MatrixView<T> y, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var copies = backend.AllocateRows<double>(Math.Min(Block, y.Rows), y.Columns);
        List<(double, double)> found = [];
        for (long first = 0; first < y.Rows; first += Block)
        {
            var block = copies.Rows(Math.Min(Block, y.Rows - first), y.Columns);
            for (long i = 0; i < block.Rows; i++)
            {
                backend.Write<double>(Array.ConvertAll(backend.Read(y.Row(first + i)), double.CreateTruncating), block.Row(i));
            }

            found.AddRange(Measure(wide, block, cancellationToken));
        }

        return found;
    }

    /// <summary>θ = yᵀA y / yᵀG y, which has the least residual, and ‖A y − θ G y‖ in the norm of G⁻¹, over ‖y‖ in that of G, for each row y.</summary>
    private static List<(double Value, double Residual)> Measure<T>(InnerProduct<T> inner, MatrixView<T> y, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var backend = inner.Operator.Backend;
        using var results = backend.AllocateRows<T>(Math.Min(Block, y.Rows), y.Columns);
        using var scalars = backend.Allocate<double>(2);
        List<(double, double)> found = [];
        for (long first = 0; first < y.Rows; first += Block)
        {
            var block = y.RowRange(first, Math.Min(Block, y.Rows - first));
            var images = results.Rows(block.Rows, y.Columns);
            inner.Image(block, images, cancellationToken);
            for (long i = 0; i < block.Rows; i++)
            {
                found.Add(Measure(inner, block.Row(i), images.Row(i), scalars, cancellationToken));
            }
        }

        return found;
    }

    private static (double Value, double Residual) Measure<T>(
        InnerProduct<T> inner, VectorView<T> y, VectorView<T> image, DeviceBuffer<double> scalars, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var backend = inner.Operator.Backend;
        var ops = backend.Ops<T>();
        ops.Dot(y, image, scalars.Slice(0, 1));
        ops.Dot(y, inner.Covector(y), scalars.Slice(1, 1));
        double[] products = backend.Read(scalars.All);
        double value = products[0] / products[1];
        ops.Axpy(-value, inner.Covector(y), image);
        inner.DualSquare(image, scalars.Slice(0, 1), cancellationToken);
        return (inner.Unit * value, inner.Unit * Math.Sqrt(Math.Max(0, backend.Read(scalars.Slice(0, 1))[0]) / products[1]));
    }
}
