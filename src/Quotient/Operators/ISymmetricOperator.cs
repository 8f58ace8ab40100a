using System.Numerics;
using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>
/// A symmetric matrix A known by its products alone. The algorithms in <c>Spectra/</c> see nothing else, so anything that
/// can multiply a vector has a spectrum here.
/// </summary>
public interface ISymmetricOperator<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number of rows and columns.</summary>
    long Dimension { get; }

    /// <summary>Where the operator's vectors live.</summary>
    IBackend Backend { get; }

    /// <summary>result ← A v. Shapes: v n, result n; they do not overlap.</summary>
    void Apply(VectorView<T> v, VectorView<T> result) =>
        ApplyBlock(v.AsMatrix(1, Dimension), result.AsMatrix(1, Dimension));

    /// <summary>Row i of result ← A · (row i of V). Shapes: both k × n; they do not overlap.</summary>
    void ApplyBlock(MatrixView<T> v, MatrixView<T> result);
}

/// <summary>An operator whose diagonal and trace are known without estimation.</summary>
public interface IExactDiagonal<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>diagonal ← diag A. Returns what it cost, in equivalents of one product.</summary>
    double Diagonal(VectorView<T> diagonal);

    /// <summary>tr A, and what it cost in equivalents of one product.</summary>
    (double Trace, double Products) ExactTrace();
}
