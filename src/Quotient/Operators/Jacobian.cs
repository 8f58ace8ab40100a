using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Operators;

/// <summary>
/// J = ∂f(x_n; θ)_c/∂θ, for all samples and outputs: N·C rows, sample by sample, and one column a parameter. It does not
/// depend on the loss.
/// </summary>
public sealed class Jacobian<T> : ILinearMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Linearisation<T> _linearisation;

    internal Jacobian(Linearisation<T> linearisation) => _linearisation = linearisation;

    /// <summary>N·C, the number of outputs over all samples.</summary>
    public long Rows => (long)_linearisation.Samples * _linearisation.Plan.Classes;

    /// <summary>D, the length of θ.</summary>
    public long Columns => _linearisation.Dimension;

    /// <summary>Where its vectors live.</summary>
    public IBackend Backend => _linearisation.Backend;

    /// <summary>J Jᵀ, the Gram matrix of the neural tangent kernel on the sample; N·C × N·C.</summary>
    public JacobianGram<T> Gram => new(this);

    internal Linearisation<T> Linearisation => _linearisation;

    /// <summary>Row i of result ← J · row i of V. Shapes: V k × D, result k × N·C.</summary>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = _linearisation.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNotEqual(v.Columns, Columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Columns, Rows);
        _linearisation.Products.Jacobian(v, result, progress, cancellationToken);
    }

    /// <summary>Row i of result ← Jᵀ · row i of U. Shapes: U k × N·C, result k × D.</summary>
    public void ApplyTransposeBlock(
        MatrixView<T> u, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = _linearisation.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNotEqual(u.Columns, Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Columns, Columns);
        _linearisation.Products.JacobianTranspose(u, result, progress, cancellationToken);
    }
}

/// <summary>J Jᵀ ⪰ 0, by one product with Jᵀ and one with J.</summary>
public sealed class JacobianGram<T> : ISymmetricOperator<T>, IAnyPrecision where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Jacobian<T> _jacobian;

    internal JacobianGram(Jacobian<T> jacobian) => _jacobian = jacobian;

    /// <inheritdoc/>
    public long Dimension => _jacobian.Rows;

    /// <inheritdoc/>
    public IBackend Backend => _jacobian.Backend;

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Backend.Gate.Enter();
        using var parameters = Backend.Allocate<T>(v.Rows * _jacobian.Columns);
        var block = parameters.Matrix(v.Rows, _jacobian.Columns);
        _jacobian.ApplyTransposeBlock(v, block, null, cancellationToken);
        _jacobian.ApplyBlock(block, result, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public ISymmetricOperator<TOther> In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        var twin = _jacobian.Linearisation.In<TOther>(cancellationToken);
        owned.Add(twin);
        return twin.Jacobian.Gram;
    }
}
