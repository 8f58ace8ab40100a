using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>
/// How one kind of layer takes part in the passes at fixed θ. Signals are batches of N × n matrices; parameter blocks are
/// k × (its own parameters), one row a vector, strided as the caller's vectors are.
/// </summary>
/// <remarks>
/// Adjoints are kept after the mask of the step that they belong to: whoever writes the adjoint of a step's output applies
/// that step's <see cref="HasMask"/> with its activations. The mask is linear and idempotent, so contributions of several
/// readers may be masked one by one.
/// </remarks>
internal abstract class Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number of trainable parameters.</summary>
    public abstract long ParameterCount { get; }

    /// <summary>Whether the output is a ReLU's, whose derivative is the mask (output &gt; 0).</summary>
    public abstract bool HasMask { get; }

    /// <summary>Multiply–adds of one dense product of this stage for one sample.</summary>
    public abstract long ProductCost { get; }

    /// <summary>y ← f(θ, x), for each member of y; there may be one x for all.</summary>
    public abstract void Forward(MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> y);

    /// <summary>
    /// dy ← ∂f/∂θ · v + ∂f/∂x · dx, for each of k tangents. A null v or dx is zero; not both are.
    /// </summary>
    public abstract void Tangent(
        MatrixView<T> theta, MatrixView<T>? v, MatrixBatch<T> x, MatrixBatch<T>? dx, MatrixBatch<T> y, MatrixBatch<T> dy);

    /// <summary>
    /// target ← mask ∘ (∂f/∂xᵀ · adjoint + β·target), and, with curvature, the derivative of ∂f/∂xᵀ · δ along v: Vᵀδ for a
    /// bilinear layer. What is in the adjoint may be changed: nothing reads it afterwards.
    /// </summary>
    public abstract void Adjoint(
        MatrixView<T> theta, MatrixBatch<T> x, MatrixBatch<T> adjoint, in AdjointTarget<T> target, CurvatureTerm<T>? curvature = null);

    /// <summary>
    /// gradient ← ∂f/∂θᵀ · adjoint + β·gradient, summed over samples, and, with curvature, the derivative of ∂f/∂θᵀ · δ along dx:
    /// δᵀ dx for a bilinear layer.
    /// </summary>
    public abstract void ParameterAdjoint(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature = null);

    /// <summary>
    /// diagonal ← β·diagonal + Σ_n Σ_j (∂f/∂θᵀ · adjoint_j of sample n)²: the diagonal of Σ J_nᵀ B_n J_n from the factors of B.
    /// </summary>
    public abstract void Diagonal(
        MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch);

    /// <summary>trace[0 …] ← the parts of the sum of that diagonal; <see cref="TraceParts"/> numbers that add up to it.</summary>
    public abstract void Trace(MatrixBatch<T> adjoint, MatrixBatch<T> x, VectorView<double> trace, DiagonalScratch<T> scratch);

    /// <summary>How many numbers <see cref="Trace"/> writes for k adjoints.</summary>
    public abstract int TraceParts(int count);

    /// <summary>Applies what works element by element to each member of y; in one go where x has as many.</summary>
    protected static void EachMember(MatrixBatch<T> x, MatrixBatch<T> y, Action<VectorView<T>, VectorView<T>> apply)
    {
        if (x.Count == y.Count && (x.Count == 1 || x.Step > 0))
        {
            apply(x.AsVector(), y.AsVector());
            return;
        }

        for (int j = 0; j < y.Count; j++)
        {
            apply(x[j].AsVector(), y[j].AsVector());
        }
    }
}

/// <summary>A second-order term of R-backward: the adjoint δ of the loss, held fixed, and the direction of the derivative.</summary>
/// <param name="Adjoint">δ of the step's output.</param>
/// <param name="V">The part of v that belongs to the step's parameters; its output's adjoint varies along it.</param>
/// <param name="Dx">The tangent of the step's input; its parameters' adjoint varies along it.</param>
internal readonly record struct CurvatureTerm<T>(MatrixBatch<T> Adjoint, MatrixView<T> V, MatrixBatch<T> Dx) where T : unmanaged;

/// <summary>Where an adjoint goes: a signal, the mask of the step that it belongs to, and what becomes of what is there.</summary>
/// <param name="Signal">The adjoint of the input, k matrices.</param>
/// <param name="Mask">The activations whose signs mask it, one matrix for all k or k; null where there is no mask.</param>
/// <param name="Beta">0 to overwrite, 1 to add to another reader's contribution.</param>
internal readonly record struct AdjointTarget<T>(MatrixBatch<T> Signal, MatrixBatch<T>? Mask, double Beta)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The mask as part of a product, where it is one for all.</summary>
    public Epilogue<T> Epilogue => Mask is { Count: 1 } mask ? new Epilogue<T> { Mask = mask.First } : default;

    /// <summary>Whether <see cref="Epilogue"/> leaves a mask to apply.</summary>
    public bool HasMasks => Mask is { Count: > 1 };

    /// <summary>Signal ← mask ∘ signal.</summary>
    public void ApplyMask(IOps<T> ops)
    {
        if (Mask is { } mask)
        {
            ops.Mask(mask.AsVector(), Signal.AsVector(), Signal.AsVector());
        }
    }

    /// <summary>Signal ← mask ∘ (adjoint + β·signal), for a step whose input's adjoint is its own.</summary>
    public void Take(IOps<T> ops, MatrixBatch<T> adjoint)
    {
        if (Beta == 0)
        {
            ops.Copy(adjoint.AsVector(), Signal.AsVector());
        }
        else
        {
            ops.Axpy(1, adjoint.AsVector(), Signal.AsVector());
        }

        ApplyMask(ops);
    }
}

/// <summary>Work space of the diagonal passes, as large as the widest step's signal.</summary>
internal sealed class DiagonalScratch<T>(IBackend backend, int rows, int widest) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _squares = backend.Allocate<T>((long)rows * widest);
    private readonly DeviceBuffer<T> _inputs = backend.Allocate<T>((long)rows * widest);
    private readonly DeviceBuffer<T> _rows = backend.Allocate<T>(2L * rows);

    public MatrixView<T> Squares(long rows, long width) => _squares.Matrix(rows, width);

    public MatrixView<T> Inputs(long rows, long width) => _inputs.Matrix(rows, width);

    public VectorView<T> Rows(long offset, long length) => _rows.Slice(offset, length);

    public void Dispose()
    {
        _squares.Dispose();
        _inputs.Dispose();
        _rows.Dispose();
    }
}
