using System.Numerics;
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

    /// <summary>A.</summary>
    public ISymmetricOperator<T> Operator => a;

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

    /// <summary>Row i of result ← E · (row i of V); at most as many rows as the width.</summary>
    public void Multiply(MatrixView<T> v, MatrixView<T> result, CancellationToken cancellationToken)
    {
        if (metric is null)
        {
            a.ApplyBlock(v, result, null, cancellationToken);
            return;
        }

        var images = _images!.Rows(v.Rows, a.Dimension);
        a.ApplyBlock(v, images, null, cancellationToken);
        metric.SolveBlock(images, result, null, cancellationToken);
    }

    /// <summary>square[0] ← rᵀ G⁻¹ r.</summary>
    public void DualSquare(VectorView<T> r, VectorView<double> square, CancellationToken cancellationToken)
    {
        var solved = r;
        if (metric is not null)
        {
            solved = _covector!.Slice(0, a.Dimension);
            metric.SolveBlock(r.AsMatrix(1, r.Length), solved.AsMatrix(1, r.Length), null, cancellationToken);
        }

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

    /// <inheritdoc/>
    public void Dispose()
    {
        _images?.Dispose();
        _covector?.Dispose();
    }

    private static DeviceBuffer<T>? Room(ISymmetricOperator<T> a, IMetric<T>? metric, int rows)
    {
        if (metric is not null && metric.Dimension != a.Dimension)
        {
            throw new QuotientException($"the metric's dimension is {metric.Dimension}; the operator's is {a.Dimension}");
        }

        return metric is null ? null : a.Backend.AllocateRows<T>(rows, a.Dimension);
    }
}
