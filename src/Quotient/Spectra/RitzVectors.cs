using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;
using Quotient.Results;

namespace Quotient.Spectra;

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

        var norms = new double[values.Length];
        a.Backend.Read(squares.All, norms);
        return [.. norms.Select(Math.Sqrt)];
    }
}
