using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>
/// What a Krylov space knows of a spectrum: the eigenvalues θ of T = VᵀAV in ascending order, and for each the norm of
/// A y − θ y = Σ_pending b v, which for a single vector is |β_m s_(m,i)|.
/// </summary>
/// <param name="Values">Ritz values, ascending.</param>
/// <param name="Residuals">Residual norms by the recurrence, without the floor.</param>
/// <param name="Coefficients">SᵀC for the carried C: row i belongs to value i.</param>
/// <param name="Floor">What rounding and asymmetry may add to any residual: see <see cref="ProjectedMatrix.Floor"/>.</param>
/// <param name="Rounding">The part of it that no precision-bound method can go below: see <see cref="ProjectedMatrix.Rounding"/>.</param>
internal sealed record RitzPairs(double[] Values, double[] Residuals, double[] Coefficients, double Floor, double Rounding)
{
    public int Count => Values.Length;

    /// <summary>The columns of S (or of SᵀC), for pair <paramref name="i"/>.</summary>
    public ReadOnlySpan<double> Row(int i) => Coefficients.AsSpan(i * (Coefficients.Length / Count), Coefficients.Length / Count);

    /// <summary>Pair <paramref name="i"/> with its bound.</summary>
    public Eigenvalue Judge(int i, double tolerance) => Judge(Values[i], Residuals[i], tolerance);

    /// <summary>A value whose residual is known: converged within tol·|θ|, or as far as the precision can see.</summary>
    public Eigenvalue Judge(double value, double residual, double tolerance)
    {
        double bound = Math.Max(residual, Floor);
        return new(value, bound, bound <= Math.Max(tolerance * Math.Abs(value), Rounding));
    }
}

/// <summary>Forms the wanted eigenvectors from a Krylov space, and verifies them where asked.</summary>
internal static class RitzVectors
{
    /// <summary>The wanted pairs, in the order of the selection. Leaves the space restarted on them.</summary>
    public static Eigenpairs<T> Extract<T>(
        KrylovSpace<T> space, LanczosOptions options, int before, bool complete, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = space.Inner.Operator;
        var ritz = space.Vectors();
        int[] wanted = options.Wanted.Pick(ritz.Values);
        space.Restart(ritz, wanted);
        var vectors = a.Backend.Allocate<T>(wanted.Length * a.Dimension);
        var ops = a.Backend.Ops<T>();
        for (int i = 0; i < wanted.Length; i++)
        {
            ops.Copy(space.Basis.Row(i), vectors.Slice(i * a.Dimension, a.Dimension));
        }

        int products = space.Products - before;
        Eigenvalue[] values = [.. wanted.Select(i => ritz.Judge(i, options.Tolerance))];
        if (options.Verify)
        {
            products += wanted.Length;
            double[] measured = Measure(space.Inner, vectors, values, options.BlockSize, cancellationToken);
            values = [.. values.Zip(measured, (value, norm) => ritz.Judge(value.Value, norm, options.Tolerance))];
        }

        return new(options.Wanted, values, vectors, a.Dimension, products) { Complete = complete };
    }

    /// <summary>‖A y − θ G y‖ for each pair, in the norm of G⁻¹.</summary>
    private static double[] Measure<T>(
        InnerProduct<T> inner, DeviceBuffer<T> vectors, Eigenvalue[] values, int block, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = inner.Operator;
        var ops = a.Backend.Ops<T>();
        using var results = a.Backend.AllocateRows<T>(block, a.Dimension);
        using var squares = a.Backend.Allocate<double>(values.Length);
        var y = vectors.Matrix(values.Length, a.Dimension);
        for (int first = 0; first < values.Length; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(block, values.Length - first);
            var images = results.Rows(count, a.Dimension);
            a.ApplyBlock(y.RowRange(first, count), images, null, cancellationToken);
            for (int i = 0; i < count; i++)
            {
                ops.Axpy(-values[first + i].Value, inner.Covector(y.Row(first + i)), images.Row(i));
                inner.DualSquare(images.Row(i), squares.Slice(first + i, 1), cancellationToken);
            }
        }

        return [.. a.Backend.Read(squares.All).Select(Math.Sqrt)];
    }
}
