using System.Numerics;

namespace Quotient.Backends;

/// <summary>Signs to bits and back. The sign of a value x against a threshold t is +1 where x ≥ t, else −1.</summary>
public interface IBitOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>bits ← the signs of op(X) against a threshold. Shapes: op(X) and bits m × n.</summary>
    void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits);

    /// <summary>Y ← ±1, as the bits say. Shapes: m × n each.</summary>
    void UnpackSigns(BitMatrix bits, MatrixView<T> y);
}
