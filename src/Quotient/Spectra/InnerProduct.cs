using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>An operator A in the inner product of a metric G, where it acts as E = G⁻¹A; without one, as A, with no work or memory.</summary>
/// <param name="a">A.</param>
/// <param name="metric">G; null for the Euclidean inner product.</param>
/// <param name="width">Vectors that are multiplied at once.</param>
internal sealed class InnerProduct<T>(ISymmetricOperator<T> a, IMetric<T>? metric, int width) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T>? _images = Room(a, metric, width), _covector = Room(a, metric, 1);

    public ISymmetricOperator<T> Operator => a;

    public IMetric<T>? Metric => metric;

    /// <summary>A power of two; products are divided by it, so that no square of one overflows or vanishes.</summary>
    public double Unit { get; set; } = 1;

    /// <summary>G v, with which ⟨u, v⟩ = uᵀ(G v): v itself where it is Euclidean, else valid until the next call.</summary>
    public VectorView<T> Covector(VectorView<T> v)
    {
        if (metric is null)
        {
            return v;
        }

        var image = _covector!.Slice(0, a.Dimension);
        metric.Apply(v, image);
        return image;
    }

    /// <summary>Row i of result ← E · (row i of V) / <see cref="Unit"/>; at most as many rows as the width.</summary>
    public void Multiply(MatrixView<T> v, MatrixView<T> result, CancellationToken cancellationToken)
    {
        var images = metric is null ? result : _images!.Rows(v.Rows, a.Dimension);
        Image(v, images, cancellationToken);
        metric?.SolveBlock(images, result, null, cancellationToken);
    }

    /// <summary>Row i of result ← A · (row i of V) / <see cref="Unit"/>.</summary>
    public void Image(MatrixView<T> v, MatrixView<T> result, CancellationToken cancellationToken)
    {
        a.ApplyBlock(v, result, null, cancellationToken);
        Scale(result, 1 / Unit);
    }

    /// <summary>Chooses the <see cref="Unit"/>, by the first products, and divides them by it.</summary>
    /// <remarks>Single precision's numbers have squares in double, all of them.</remarks>
    public double ChooseUnit(MatrixView<T> images)
    {
        if (typeof(T) == typeof(double))
        {
            using var square = a.Backend.Allocate<double>(1);
            a.Backend.Ops<T>().Dot(images.Row(0), images.Row(0), square.All);
            if (a.Backend.Read(square.All)[0] is not (> 1e-200 and < 1e200))
            {
                double largest = a.Backend.Read(images.Row(0)).Max(x => Math.Abs(double.CreateChecked(x)));

                // The smallest numbers' reciprocals are not finite.
                Unit = largest > 0 && double.IsFinite(largest) ? Math.ScaleB(1, Math.Max(Math.ILogB(largest), -1000)) : 1;
                Scale(images, 1 / Unit);
            }
        }

        return Unit;
    }

    /// <summary>square[0] ← rᵀ G⁻¹ r.</summary>
    public void DualSquare(VectorView<T> r, VectorView<double> square, CancellationToken cancellationToken)
    {
        var solved = metric is null ? r : _covector!.Slice(0, a.Dimension);
        metric?.SolveBlock(r.AsMatrix(1, r.Length), solved.AsMatrix(1, r.Length), null, cancellationToken);
        a.Backend.Ops<T>().Dot(r, solved, square);
    }

    /// <summary>z ← R z with R Rᵀ = G⁻¹: what had covariance I is then isotropic in this inner product.</summary>
    public void MakeIsotropic(VectorView<T> z, CancellationToken cancellationToken = default)
    {
        if (metric is null)
        {
            return;
        }

        var result = _covector!.Slice(0, a.Dimension);
        if (metric is IInverseRoot<T> root)
        {
            root.InverseRootBlock(z.AsMatrix(1, z.Length), result.AsMatrix(1, z.Length), null, cancellationToken);
        }
        else
        {
            InverseRoot.Apply(metric, z, result, cancellationToken);
        }

        a.Backend.Ops<T>().Copy(result, z);
    }

    public void Dispose()
    {
        _images?.Dispose();
        _covector?.Dispose();
    }

    private void Scale(MatrixView<T> rows, double factor)
    {
        for (long i = 0; i < rows.Rows && factor != 1; i++)
        {
            a.Backend.Ops<T>().Scale(factor, rows.Row(i));
        }
    }

    private static DeviceBuffer<T>? Room(ISymmetricOperator<T> a, IMetric<T>? metric, int rows)
    {
        QuotientException.ThrowIf(
            metric is not null && metric.Dimension != a.Dimension,
            $"the metric's dimension is {metric?.Dimension}; the operator's is {a.Dimension}");

        return metric is null ? null : a.Backend.AllocateRows<T>(rows, a.Dimension);
    }
}

/// <summary>
/// G^(−1/2) z ≈ ‖z‖ V T^(−1/2) e₁ from the Lanczos steps of z (Higham 2008, Functions of Matrices, §13.2), until further steps change it
/// by rounding alone: about √κ(G) steps, each a product with G.
/// </summary>
internal static class InverseRoot
{
    private const int MostSteps = 300;

    /// <summary>result ← G^(−1/2) z.</summary>
    /// <exception cref="QuotientException">G is not positive definite, or too ill-conditioned for the steps that there are.</exception>
    public static void Apply<T>(IMetric<T> g, VectorView<T> z, VectorView<T> result, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var length = g.Backend.Allocate<double>(1);
        g.Backend.Ops<T>().Dot(z, z, length.All);
        double norm = Math.Sqrt(g.Backend.Read(length.All)[0]);
        using var space = new KrylovSpace<T>(g, Lanczos.Fit(g, 2, MostSteps + 1, 0), 1, 0);
        space.Add(z);
        double[] known = [0];
        do
        {
            space.Expand(1, cancellationToken);
            if (space.Order >= known.Length + Math.Max(1, known.Length / 8) || space.IsInvariant)
            {
                double[] found = Coefficients(space.Vectors(), -norm);
                if (space.IsInvariant || Distance(known, found) <= 8 * KrylovBasis<T>.Epsilon * Distance([], found))
                {
                    Combine(space.Basis.RowRange(0, space.Order), found, result, g.Backend);
                    return;
                }

                known = found;
            }
        }
        while (!space.IsFull);
        throw new QuotientException(
            $"{space.Order} products with the metric are too few for its inverse square root, which probes need; give it a factor of its inverse (IInverseRoot)");
    }

    /// <summary>scale · S Θ^(−1/2) Sᵀ e₁.</summary>
    private static double[] Coefficients(RitzPairs ritz, double scale)
    {
        var sum = new double[ritz.Count];
        for (int i = 0; i < ritz.Count; i++)
        {
            double theta = ritz.Values[i];
            QuotientException.ThrowIf(!(theta > 0), $"the metric is not positive definite: an eigenvalue is near {theta:g3}");

            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += scale / Math.Sqrt(theta) * ritz.Row(i)[0] * ritz.Row(i)[k];
            }
        }

        return sum;
    }

    private static double Distance(double[] shorter, double[] longer) =>
        Math.Sqrt(longer.Select((x, i) => Math.Pow(x - (i < shorter.Length ? shorter[i] : 0), 2)).Sum());

    /// <summary>result ← −Vᵀ c.</summary>
    private static void Combine<T>(MatrixView<T> rows, double[] c, VectorView<T> result, IBackend backend)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var coefficients = backend.Store<double>(c);
        backend.Ops<T>().Fill(result, 0);
        backend.Ops<T>().Deflate(rows, coefficients.All, result);
        backend.Synchronise();
    }
}
