namespace Quotient.Backends;

/// <summary>A family of operations, as one device has it in one precision.</summary>
/// <remarks>
/// Outputs are buffers that the caller owns. Scalars that an algorithm computes stay on the device, as double.
/// Reductions accumulate in double and in an order that depends on the shape alone, so that equal inputs give equal bits.
/// Outputs must not overlap inputs unless an operation says so. What a backend returns is <see cref="OpFamilies{T}.Checked"/>: shapes that
/// do not fit are an <see cref="ArgumentException"/> on every device, and no family checks them.
/// </remarks>
public interface IOpFamily
{
    /// <summary>
    /// Whether the device has an operation, by the name under which it is called: <c>Axpy</c>, <c>Gemm</c>. A family says false of what it
    /// lacks, and nothing of other families.
    /// </summary>
    bool Supports(string operation) => true;
}

/// <summary>
/// The operations that need no more than a ring, so that exact arithmetic modulo a prime can be a precision as well:
/// see <see cref="IBackend.Linear{T}"/>.
/// </summary>
public interface ILinearOps<T> : IVectorOps<T>, IProductOps<T> where T : unmanaged, INumberBase<T>;

/// <summary>
/// The operations of a device in floating-point precision <typeparamref name="T"/>: all families together. Everything above
/// <c>Backends/</c> is written with these alone.
/// </summary>
public interface IOps<T> : ILinearOps<T>, IImageOps<T>, IBasisOps<T>, ILossOps<T>, IBitOps<T>, IRandomOps<T>, IStepOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>Element by element, sums of rows, and the choice of rows.</summary>
public interface IVectorOps<T> : IOpFamily where T : unmanaged, INumberBase<T>
{
    /// <summary>
    /// z_i ← f(s, x_i, y_i), for every f of <see cref="LinearElements{T}"/> and <see cref="RealElements{T}"/>: called by their names, as
    /// <c>ops.Axpy(alpha, x, y)</c>. z may be x or y; operands that f does not read are left out.
    /// </summary>
    void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z);

    /// <summary>out_j ← Σ_i x_ij + β·out_j, the bias gradient. Shapes: x N × n, out n.</summary>
    void SumRows(MatrixView<T> x, double beta, VectorView<T> result);

    /// <summary>Y_i ← X_(indices_i), whole rows.</summary>
    void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y);

    /// <summary>y_i ← x_(indices_i).</summary>
    void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y);
}

/// <summary>Products of matrices, whatever their factors are read from.</summary>
public interface IProductOps<T> : IOpFamily where T : unmanaged, INumberBase<T>
{
    /// <summary>
    /// C ← epilogue(α·(A·B + A₂·B₂) + β·C), for each member of C's batch; called by the names in <see cref="ProductCalls"/>, as
    /// <c>ops.Gemm(…)</c>. With β = 0, C is written without being read. What is 0 in a factor may be left out, so that 0·∞ and
    /// 0·NaN may be 0.
    /// </summary>
    void Multiply(in Product<T> product);
}

/// <summary>
/// Images and their channels. Images are rows, their channels together (<see cref="Patches"/>); as a matrix of places they have a row for each
/// place of each, and a column for each channel. Rows may lie apart.
/// </summary>
public interface IImageOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Y_n ← X_nᵀ + β·Y_n, where each row of x holds a matrix of <paramref name="rows"/> rows, and each of y its transpose: from channels
    /// together to channels apart and back. With β = 0, Y is written without being read.
    /// </summary>
    void Turn(MatrixView<T> x, long rows, double beta, MatrixView<T> y);

    /// <summary>
    /// y ← the largest value that each window sees in each channel, and at least 0 if <paramref name="relu"/>; routes ← where in the window it
    /// is, i·KernelWidth + j, the first of several equal ones; what is not a number is larger than all, the last of them the largest. Shapes: x N × ImageSize, y and routes N
    /// × (Windows·Channels). Every window sees a place.
    /// </summary>
    void MaxPool(Patches patches, MatrixView<T> x, bool relu, MatrixView<T> y, MatrixView<T> routes);

    /// <summary>
    /// y ← the values of x at the ends of the routes: the derivative of <see cref="MaxPool"/> without ReLU. Shapes: x kN × ImageSize, routes
    /// N × (Windows·Channels), y kN × (Windows·Channels); row i goes by the routes in row i mod N.
    /// </summary>
    void TakeRoutes(Patches patches, MatrixView<T> x, MatrixView<T> routes, MatrixView<T> y);

    /// <summary>x ← β·x + the sum of y over the routes that end at each place: the transpose of <see cref="TakeRoutes"/>, shapes as there.</summary>
    void FollowRoutes(Patches patches, MatrixView<T> y, MatrixView<T> routes, double beta, MatrixView<T> x);

    /// <summary>
    /// y ← the mean of what each window sees in each channel; of the places of the image, or with <paramref name="countsPadding"/> of these
    /// and the zeros of the padding. Shapes: x N × ImageSize, y N × (Windows·Channels).
    /// </summary>
    void AveragePool(Patches patches, bool countsPadding, MatrixView<T> x, MatrixView<T> y);

    /// <summary>x ← β·x + the transpose of <see cref="AveragePool"/> of y, shapes as there.</summary>
    void AveragePoolBack(Patches patches, bool countsPadding, MatrixView<T> y, double beta, MatrixView<T> x);

    /// <summary>y_ij ← scale_j·x_ij + shift_j + β·y_ij, a channel a column; y may be x. An empty shift is 0.</summary>
    void ScaleColumns(MatrixView<T> x, VectorView<T> scale, VectorView<T> shift, double beta, MatrixView<T> y);

    /// <summary>out_j ← Σ_i x_ij·y_ij + β·out_j. Shapes: x and y N × n, out n.</summary>
    void ColumnDots(MatrixView<T> x, MatrixView<T> y, double beta, VectorView<T> result);
}

/// <summary>Inner products, and tall-skinny products for re-orthogonalisation; the rows of a basis are its vectors.</summary>
public interface IBasisOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>result[0] ← ⟨x, y⟩.</summary>
    void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result);

    /// <summary>y ← x / √s[0]; y may be x. Where s[0] is 0, y ← 0.</summary>
    void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y);

    /// <summary>out_i ← Σ_j x_ij². Shapes: x N × n, out N.</summary>
    void RowSquares(MatrixView<T> x, VectorView<T> result);

    /// <summary>c ← V w, one dot a row. Shapes: V k × n, w n, c k.</summary>
    void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c);

    /// <summary>w ← w − Vᵀ c. Shapes: V k × n, c k, w n.</summary>
    void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w);

    /// <summary>
    /// The first p rows of V ← Sᵀ V, in place. Shapes: V m × n, S m × p (p ≤ m, row-major). Rows p … m − 1 are left undefined.
    /// </summary>
    void Rotate(MatrixView<T> basis, MatrixView<double> rotation);
}

/// <summary>Losses and their derivatives; Z are logits or outputs, N × C.</summary>
public interface ILossOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// P ← softmax(Z) by rows; loss[0] ← loss[0] − Σ_n ⟨q_n, log p_n⟩ with the smoothed labels q = (1 − s)·onehot(y) + s/C,
    /// s from 0 to below 1. A label outside 0 … C − 1 is the caller's error.
    /// </summary>
    void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss);

    /// <summary>G ← P − Q, Q as above: the per-sample gradient of the cross-entropy by the logits.</summary>
    void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g);

    /// <summary>
    /// Y ← s·(diag p − p pᵀ) X, row by row; X and Y hold k stacked N × C matrices: row i belongs to sample i mod N. Y may be X.
    /// </summary>
    void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y);

    /// <summary>
    /// Y ← stacked N × C matrices for the classes c = first, first + 1, …, as many as Y has room for; row n of matrix c is
    /// √(s p_nc)·(e_c − p_n). Over all classes their outer products sum to s·(diag p − p pᵀ).
    /// </summary>
    void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y);

    /// <summary>R ← Z − Y; loss[0] ← loss[0] + ½ Σ r². Shapes: N × C each.</summary>
    void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss);

    /// <summary>
    /// Y ← s·⟨g_n, x⟩ g_n, row by row: a rank-one curvature a sample. X and Y hold k stacked N × C matrices, as in
    /// <see cref="SoftmaxHessian"/>. Y may be X.
    /// </summary>
    void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y);

    /// <summary>count[0] ← count[0] + the number of rows whose first largest entry is not at the label.</summary>
    void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count);
}

/// <summary>Signs to bits and back. The sign of a value x against a threshold t is +1 where x ≥ t, else −1.</summary>
public interface IBitOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>bits ← the signs of op(X) against a threshold. Shapes: op(X) and bits m × n.</summary>
    void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits);

    /// <summary>Y ← ±1, as the bits say. Shapes: m × n each.</summary>
    void UnpackSigns(BitMatrix bits, MatrixView<T> y);
}

/// <summary>Random numbers: Philox 4×32-10 keyed by (seed, stream), counted by element.</summary>
public interface IRandomOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>x_i ← ±1 with equal probability; the same on every backend.</summary>
    void Rademacher(ulong seed, ulong stream, VectorView<T> x);

    /// <summary>x_i ← N(0, 1) by Box–Muller in double; the same on every backend up to its rounding of log, sin and cos.</summary>
    void Normal(ulong seed, ulong stream, VectorView<T> x);

    /// <summary>
    /// x_i ← −x_i with a probability p from 0 to 1: where word i mod 4 of block i div 4 is below p·2³², rounded. The same on every backend.
    /// </summary>
    void Flip(ulong seed, ulong stream, double probability, VectorView<T> x);
}

/// <summary>Steps of optimisers, fused so that a step touches memory once.</summary>
public interface IStepOps<T> : IOpFamily where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// g' = g + λθ; m ← μm + g'; θ ← θ − η·(nesterov ? g' + μm : m). As torch.optim.SGD with dampening 0 does it.
    /// </summary>
    void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov);

    /// <summary>
    /// g' = g + λθ; m ← β₁m + (1−β₁)g'; v ← β₂v + (1−β₂)g'²; θ ← θ − η·m̂/(√v̂ + ε) with bias correction at step t ≥ 1.
    /// As torch.optim.Adam does it.
    /// </summary>
    void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t);
}

/// <summary>The constants of Adam: η, β₁, β₂, ε, and the weight decay λ.</summary>
public readonly record struct AdamCoefficients(double Rate, double Beta1, double Beta2, double Epsilon, double Decay);

/// <summary>What a backend has of each family in one precision.</summary>
public sealed record OpFamilies<T>(
    IVectorOps<T> Vectors, IProductOps<T> Products, IImageOps<T> Images, IBasisOps<T> Basis, ILossOps<T> Losses, IBitOps<T> Bits, IRandomOps<T> Random,
    IStepOps<T> Steps)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// All of them behind what every backend has, which is what <see cref="IBackend.Ops{T}"/> returns: the check of arguments, and the gate
    /// that one thread at a time passes, <see cref="IBackend.Gate"/>.
    /// </summary>
    public IOps<T> Checked(ThreadGate gate) => new CheckedOps<T>(this, gate);
}
