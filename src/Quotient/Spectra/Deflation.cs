using System.Numerics;
using Quotient.Backends;

namespace Quotient.Spectra;

/// <summary>Ritz vectors Y whose part of a trace is known: YᵀAY = diag θ.</summary>
/// <param name="Vectors">Y by rows, orthonormal; null for none.</param>
/// <param name="Values">θ.</param>
/// <param name="NextProbe">The first probe that Y does not depend on.</param>
internal sealed record Deflation<T>(MatrixView<T>? Vectors, double[] Values, ulong NextProbe)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Nothing is known.</summary>
    public static Deflation<T> None { get; } = new(null, [], 0);

    /// <summary>tr YᵀAY.</summary>
    public double Trace => Values.Sum();
}
