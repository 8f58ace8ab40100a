using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>
/// A symmetric matrix A known by its products alone. The algorithms in <c>Spectra/</c> see nothing else, so anything that
/// can multiply a vector has a spectrum here.
/// </summary>
/// <remarks>Rows of v and result may lie further apart than their length (Krylov rows begin on 128 bytes).</remarks>
public interface ISymmetricOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number of rows and columns.</summary>
    long Dimension { get; }

    /// <summary>Where the operator's vectors live.</summary>
    IBackend Backend { get; }

    /// <summary>result ← A v. Shapes: v n, result n; they do not overlap.</summary>
    void Apply(VectorView<T> v, VectorView<T> result, CancellationToken cancellationToken = default) =>
        ApplyBlock(v.AsMatrix(1, Dimension), result.AsMatrix(1, Dimension), null, cancellationToken);

    /// <summary>Row i of result ← A · (row i of V). Shapes: both k × n; they do not overlap.</summary>
    /// <param name="v">V.</param>
    /// <param name="result">What is written.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1.</param>
    /// <param name="cancellationToken">Is asked between parts of the work; the result is then incomplete.</param>
    void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>An operator whose diagonal and trace are known without estimation.</summary>
public interface IExactDiagonal<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What a diagonal costs, in equivalents of one product.</summary>
    double DiagonalCost { get; }

    /// <summary>What a trace costs, in equivalents of one product.</summary>
    double TraceCost { get; }

    /// <summary>diagonal ← diag A.</summary>
    void Diagonal(VectorView<T> diagonal, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>tr A.</summary>
    double Trace(IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}
