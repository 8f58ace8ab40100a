using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>
/// Extreme eigenpairs of a symmetric operator by thick-restart (block) Lanczos with full re-orthogonalisation (Wu and Simon
/// 2000). Each pair comes with a bound of its error and says whether it has converged.
/// </summary>
public static class Lanczos
{
    /// <summary>Finds the wanted eigenpairs.</summary>
    /// <param name="a">The operator A.</param>
    /// <param name="options">Which pairs, how exactly, at what cost.</param>
    /// <param name="start">
    /// Vectors to begin from (k × n, not necessarily orthonormal), such as the <see cref="Eigenpairs{T}.Vectors"/> of a nearby
    /// operator; random ones where null. Vector i joins the sum that starts vector i mod b of the block of b: one sum for a
    /// block of 1, which serves best unless the operator has hardly changed; then a block of k saves products.
    /// </param>
    /// <param name="metric">
    /// G: eigenpairs of A y = λ G y, with the y orthonormal in G and residuals ‖A y − θ G y‖ in the norm of G⁻¹; Euclidean where null.
    /// </param>
    /// <param name="progress">Is told after each product.</param>
    /// <param name="cancellationToken">Is asked before each product, and passed to it.</param>
    /// <exception cref="QuotientException">The arguments are impossible, or the operator's products are.</exception>
    public static Eigenpairs<T> Solve<T>(
        ISymmetricOperator<T> a, LanczosOptions options, MatrixView<T>? start = null, IMetric<T>? metric = null,
        IProgress<SpectrumProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = a.Backend.Gate.Enter();
        return Twins.Best(
            a, metric, () => SolveIn(a, options, start, metric, progress, cancellationToken),
            twin => SolveIn(twin.Operator, options, null, twin.Metric, progress, cancellationToken).Narrow<T>(a.Backend), cancellationToken);
    }

    /// <summary>The same in the operator's own precision.</summary>
    internal static Eigenpairs<T> SolveIn<T>(
        ISymmetricOperator<T> a, LanczosOptions options, MatrixView<T>? start, IMetric<T>? metric, IProgress<SpectrumProgress>? progress,
        CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options.Check(a.Dimension);
        QuotientException.ThrowIf(
            start is { } given && given.Columns != a.Dimension,
            $"start vectors have {start?.Columns} elements; the operator's dimension is {a.Dimension}");

        using var space = new KrylovSpace<T>(
            a, BasisSize(a, options), options.BlockSize, options.Seed, options.Smallest(a.Dimension), metric);
        if (start is not null)
        {
            AddSums(a, space, start.Value, options.BlockSize);
        }

        while (space.Rows < Math.Min(options.BlockSize, a.Dimension))
        {
            space.AddRandom(cancellationToken: cancellationToken);
        }

        return Continue(space, options, progress, cancellationToken);
    }

    /// <summary>Goes on from a space that has been begun, as by a quadrature.</summary>
    internal static Eigenpairs<T> Continue<T>(
        KrylovSpace<T> space, LanczosOptions options, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int before = space.Products;
        var iteration = new LanczosIteration<T>(space, options, progress);
        iteration.Run(cancellationToken);
        return RitzVectors.Extract(space, options, before, iteration.Complete, cancellationToken);
    }

    /// <summary>The basis vectors to hold: as many as asked for, or as serve and fit.</summary>
    internal static int BasisSize<T>(ISymmetricOperator<T> a, LanczosOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int useful = options.BasisSize > 0 ? options.BasisSize : 100 + (2 * options.Wanted.Count) + (4 * options.BlockSize);
        return Fit(a, options.Smallest(a.Dimension), useful, Beside(a, options));
    }

    /// <summary>The vectors that eigenpairs need room for beside the basis.</summary>
    internal static int Beside<T>(ISymmetricOperator<T> a, LanczosOptions options) where T : unmanaged, IFloatingPointIeee754<T> =>
        options.Wanted.Count + options.BlockSize + (a is IAnyPrecision { HasTwin: true } ? RitzVectors.RoomForTwin : 0);

    /// <summary>As many basis vectors as fit, up to <paramref name="useful"/>, beside <paramref name="others"/> more vectors.</summary>
    /// <exception cref="QuotientException">Fewer than <paramref name="least"/> fit.</exception>
    internal static int Fit<T>(ISymmetricOperator<T> a, int least, int useful, int others)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long available = a.Backend.AvailableMemory;
        long fitting = (long)(0.8 * available / ((double)PaddedRows.Stride<T>(a.Dimension) * Unsafe.SizeOf<T>())) - others;
        (least, useful) = ((int)Math.Min(least, a.Dimension), (int)Math.Min(useful, a.Dimension));
        return fitting >= least
            ? (int)Math.Max(least, Math.Min(useful, fitting))
            : throw new QuotientException(
                $"{least} basis vectors of {a.Dimension} elements do not fit in the {available >> 20} MiB that device '{a.Backend.Device.Id}' has left; ask for fewer eigenvalues or steps");
    }

    private static void AddSums<T>(ISymmetricOperator<T> a, KrylovSpace<T> space, MatrixView<T> start, int block)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var ops = a.Backend.Ops<T>();
        using var sum = a.Backend.Allocate<T>(a.Dimension);
        for (int b = 0; b < Math.Min(block, start.Rows); b++)
        {
            ops.Fill(sum.All, 0);
            for (long i = b; i < start.Rows; i += block)
            {
                ops.Axpy(1, start.Row(i), sum.All);
            }

            space.Add(sum.All);
        }
    }
}
