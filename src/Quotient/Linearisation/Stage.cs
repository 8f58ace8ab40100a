using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Which second-order terms a step adds to R-backward.</summary>
internal enum SecondOrder
{
    /// <summary>None: it is linear, away from kinks, and has no parameters.</summary>
    None,

    /// <summary>Those of a product of parameters and input, where both vary; it is linear in either.</summary>
    Bilinear,

    /// <summary>Its own, wherever parameters or inputs vary.</summary>
    Own,
}

/// <summary>
/// How one kind of layer takes part in the passes at fixed θ. Signals are batches of N × n matrices; parameter blocks are
/// k × (its own parameters), one row a vector, strided as the caller's vectors are. What a layer without parameters does not need
/// has a default.
/// </summary>
/// <remarks>
/// Adjoints are kept after the mask of the step that they belong to: whoever writes the adjoint of a step's output applies
/// that step's <see cref="HasMask"/> with its activations. The mask is linear and idempotent, so contributions of several
/// readers may be masked one by one.
/// </remarks>
internal abstract class Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number of trainable parameters.</summary>
    public virtual long ParameterCount => 0;

    /// <summary>The number of values that it has beside its parameters, such as running statistics.</summary>
    public virtual long BufferCount => 0;

    /// <summary>Whether the output is a ReLU's, whose derivative is the mask (output &gt; 0).</summary>
    public virtual bool HasMask => false;

    /// <summary>Whether passes after the forward pass read the values of its inputs.</summary>
    public virtual bool ReadsInputs => true;

    /// <summary>Whether passes after the forward pass read its output.</summary>
    public virtual bool ReadsOutput => HasMask;

    /// <summary>Values a sample of the widest signal within it, that no other step sees.</summary>
    public virtual int WidthWithin => 0;

    /// <summary>Values a sample that the forward pass saves for later passes: <see cref="StepPoint{T}.Saved"/>.</summary>
    public virtual int SavedWidth => 0;

    /// <summary>Whether samples of a mini-batch depend on each other in training, so that it cannot be cut into pieces.</summary>
    public virtual bool NeedsWholeBatch => false;

    /// <summary>Which terms <see cref="Adjoint"/> and <see cref="ParameterAdjoint"/> add where they are given a curvature.</summary>
    public virtual SecondOrder SecondOrder => SecondOrder.None;

    /// <summary>Multiply–adds of one dense product of this stage for one sample.</summary>
    public virtual long ProductCost => 0;

    /// <summary>y ← f(θ, x), for each member of y; there may be one x for all.</summary>
    public abstract void Forward(in StepPoint<T> at);

    /// <summary>
    /// dy ← ∂f/∂θ · v + Σ ∂f/∂x_i · dx_i, for each of k tangents. A null v or dx_i is zero; not all are.
    /// </summary>
    public abstract void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy);

    /// <summary>
    /// target ← mask ∘ (∂f/∂x_iᵀ · adjoint + β·target) for one input i, and, with curvature, the derivative of ∂f/∂x_iᵀ · δ along v
    /// and dx: Vᵀδ for a bilinear layer. With a single input, what is in the adjoint may be changed: nothing reads it afterwards.
    /// </summary>
    public abstract void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature);

    /// <summary>
    /// gradient ← ∂f/∂θᵀ · adjoint + β·gradient, summed over samples, and, with curvature, the derivative of ∂f/∂θᵀ · δ along dx:
    /// δᵀ dx for a bilinear layer.
    /// </summary>
    public virtual void ParameterAdjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature) => throw Unlinear();

    /// <summary>
    /// diagonal ← β·diagonal + Σ_n Σ_j (∂f/∂θᵀ · adjoint_j of sample n)²: the diagonal of Σ J_nᵀ B_n J_n from the factors of B.
    /// </summary>
    public virtual void Diagonal(
        in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch) => throw Unlinear();

    /// <summary>trace[0 …] ← the parts of the sum of that diagonal; <see cref="TraceParts"/> numbers that add up to it.</summary>
    public virtual void Trace(in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<double> trace, DiagonalScratch<T> scratch) =>
        throw Unlinear();

    /// <summary>How many numbers <see cref="Trace"/> writes for k adjoints, in proportion to k.</summary>
    public virtual int TraceParts(int count) => ParameterCount == 0 ? 0 : throw Unlinear();

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

    /// <summary>The matrices that lie at one place of each parameter block.</summary>
    internal static MatrixBatch<T> Matrices(MatrixView<T> block, long offset, long rows, long columns) =>
        new(new(block.Buffer, block.Offset + offset, rows, columns, columns), (int)block.Rows, block.Rows == 1 ? 0 : block.Stride);

    /// <summary>What is asked of a layer of signs, whose derivatives are 0 or do not exist, and of none without parameters.</summary>
    protected static InvalidOperationException Unlinear() => new("The layer has no such derivative; linearise the network's surrogate.");
}

/// <summary>What a batch norm takes for mean and variance.</summary>
internal enum Statistics
{
    /// <summary>The running ones, which do not depend on θ.</summary>
    Running,

    /// <summary>The mini-batch's own.</summary>
    Batch,

    /// <summary>The mini-batch's own, towards which the running ones move.</summary>
    BatchAndRecord,
}

/// <summary>Where passes are taken: θ, a chunk's inputs, and what the forward pass left of them.</summary>
/// <param name="Theta">θ, one row; or k rows, as many as there are values.</param>
/// <param name="X">The chunk's inputs, for each of the k or in common.</param>
/// <param name="Values">The outputs of all steps.</param>
internal readonly record struct Point<T>(MatrixView<T> Theta, MatrixBatch<T> X, SignalSet<T> Values)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What the network has beside θ.</summary>
    public VectorView<T> Buffers { get; init; }

    /// <summary>What batch norms take for mean and variance.</summary>
    public Statistics Statistics { get; init; }
}

/// <summary>One step's part of a <see cref="Point{T}"/>.</summary>
/// <param name="Theta">Its parameters.</param>
/// <param name="Inputs">The signals that it reads.</param>
/// <param name="Y">Its output.</param>
/// <param name="Saved">What its forward pass saves; empty unless its <see cref="Stage{T}.SavedWidth"/> is positive.</param>
internal readonly record struct StepPoint<T>(MatrixView<T> Theta, StepSignals<T> Inputs, MatrixBatch<T> Y, MatrixBatch<T> Saved)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What it has beside its parameters.</summary>
    public VectorView<T> Buffers { get; init; }

    /// <summary>What a batch norm takes for mean and variance.</summary>
    public Statistics Statistics { get; init; }

    /// <summary>The first input, which is the only one of most steps.</summary>
    public MatrixBatch<T> X => Inputs.At(0);
}

/// <summary>The signals that a step reads: values, or their tangents.</summary>
/// <param name="Indices">The steps that they are of; <see cref="Network.Source"/> for the data.</param>
/// <param name="Signals">The signals of all steps.</param>
/// <param name="Data">The data's, whose tangent is zero: null.</param>
/// <param name="Reach">Which steps' tangents are not zero; null where the signals are values.</param>
internal readonly record struct StepSignals<T>(
    IReadOnlyList<int> Indices, SignalSet<T> Signals, MatrixBatch<T>? Data, ParameterScope<T>? Reach)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many the step reads.</summary>
    public int Count => Indices.Count;

    /// <summary>One of them; null where it is zero.</summary>
    public MatrixBatch<T>? this[int input] => Indices[input] is var step && step == Network.Source
        ? Data
        : Reach is null || Reach.Reaches(step) ? Signals[step] : null;

    /// <summary>One that is there.</summary>
    public MatrixBatch<T> At(int input) => this[input]!.Value;
}

/// <summary>A second-order term of R-backward: the adjoint δ of the loss, held fixed, and the directions of the derivative.</summary>
/// <param name="Adjoint">δ of the step's output.</param>
/// <param name="V">The part of v that belongs to the step's parameters; null where these do not vary.</param>
/// <param name="Dx">The tangents of the step's inputs.</param>
internal readonly record struct CurvatureTerm<T>(MatrixBatch<T> Adjoint, MatrixView<T>? V, StepSignals<T> Dx)
    where T : unmanaged, IFloatingPointIeee754<T>;

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
