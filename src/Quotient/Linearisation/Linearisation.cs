using Quotient.Backends;
using Quotient.Networks;
using Quotient.Operators;

namespace Quotient.Linearisation;

/// <summary>
/// A network at fixed θ on fixed data, with everything that depends on θ alone computed once: layer inputs, ReLU masks, softmax
/// outputs and back-propagated δ. Operators are views of it, and each of their products costs only the R-passes.
/// </summary>
/// <remarks>
/// Per sample one Hessian product is 4 n₀n₁ + 12 Σ_(l≥2) n_(l−1) n_l floating-point operations. Where the kept tensors do not fit
/// in the memory budget, or memory runs out, they are recomputed chunk by chunk (<see cref="IsResident"/> is then false), which adds a
/// forward and a backward pass to each product. The operators are valid as long as this object is not disposed, and like all of an
/// engine serve one thread at a time.
/// </remarks>
public sealed class Linearisation<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dataset _data;
    private readonly LineariseOptions _options;
    private readonly WorkSpace<T> _space;
    private bool _isDisposed;

    /// <exception cref="DeviceOutOfMemoryException">Not even small chunks fit.</exception>
    internal Linearisation(
        IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        : this(backend, model, data, loss, options)
    {
        OrDispose(() => Evaluate(progress, cancellationToken));
    }

    private Linearisation(IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options)
    {
        Compatibility.Check(model.Network, data, loss);
        (Backend, Model, _data, LossKind, _options) = (backend, model, data, loss, options);
        Kept = new(backend, model.Network, data, loss, options);
        _space = new(Kept);
        (Products, Factors) = (new(Kept, _space), new(Kept, _space));
        OrDispose(() => Kept.Write(model));
    }

    /// <summary>Where it is computed.</summary>
    public IBackend Backend { get; }

    /// <summary>The network and θ.</summary>
    public Model Model { get; private set; }

    /// <summary>What <see cref="Model"/> stands for a binary model as; none where that has nothing binary.</summary>
    public Surrogate Surrogate => _options.Surrogate;

    /// <summary>The loss that the operators are of.</summary>
    public Loss LossKind { get; }

    /// <summary>The loss at θ, averaged or summed as asked.</summary>
    public double Loss { get; private set; }

    /// <summary>The share of samples that are classified wrongly; null where the data has no classes.</summary>
    public double? Error { get; private set; }

    /// <summary>N.</summary>
    public int Samples => _data.Count;

    /// <summary>
    /// Whether everything kept fits in memory at once; if not, each product recomputes it. It becomes false where a product runs
    /// out of memory.
    /// </summary>
    public bool IsResident => Kept.Sweep.IsResident;

    /// <summary>The length of θ.</summary>
    public long Dimension => Plan.Whole.Length;

    /// <summary>H = ∇²L(θ), with the second derivative of a ReLU taken as 0, as it is away from the kinks.</summary>
    public CurvatureOperator<T> Hessian => new("hessian", this, Plan.Whole, CurvatureKind.Hessian);

    /// <summary>G = Σ_n J_nᵀ (∂²ℓ_n/∂z²) J_n (times 1/N for a mean): the Hessian without the network's own curvature; G ⪰ 0.</summary>
    public CurvatureOperator<T> GaussNewton => new("gauss-newton", this, Plan.Whole, CurvatureKind.GaussNewton);

    /// <summary>
    /// F = Σ_n E_(y∼p(·|x_n)) [g gᵀ] (times 1/N for a mean), the expectation over the model's own distribution: softmax for <c>ce</c>,
    /// N(f, I) for <c>mse</c>. For both E[∂ℓ/∂z ∂ℓ/∂zᵀ] = ∂²ℓ/∂z², so F equals G exactly (Martens 2020, section 9.2).
    /// </summary>
    public CurvatureOperator<T> Fisher => new("fisher", this, Plan.Whole, CurvatureKind.GaussNewton);

    /// <summary>F̂ = Σ_n g_n g_nᵀ (times 1/N for a mean), with g_n the gradient of sample n's own loss at its own label.</summary>
    public CurvatureOperator<T> EmpiricalFisher => new("empirical-fisher", this, Plan.Whole, CurvatureKind.EmpiricalFisher);

    /// <summary>The Jacobian of all outputs.</summary>
    public Jacobian<T> Jacobian => new(this);

    internal NetworkPlan<T> Plan => Kept.Plan;

    internal LinearisedSamples<T> Kept { get; }

    internal CurvatureProducts<T> Products { get; }

    internal CurvatureFactors<T> Factors { get; }

    /// <summary>
    /// Moves to other parameters of the same network, keeping data and memory: to follow a spectrum through training. Operators
    /// made before see the new θ.
    /// </summary>
    /// <param name="model">The model; a binary one moves to its surrogate, of the same sort.</param>
    /// <param name="progress">Is told the share of samples that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples; move again before anything else.</param>
    /// <exception cref="QuotientException">The network is another.</exception>
    public void MoveTo(Model model, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Enter();
        string wanted = Architecture.Write(Model.Network);
        if (Surrogate != Surrogate.None && Architecture.Write(model.Network) != wanted)
        {
            model = model.ToSurrogate(Surrogate);
        }

        if (Architecture.Write(model.Network) != wanted)
        {
            throw new QuotientException($"the network {model.Network} is not the one that was linearised, {Model.Network}, layer by layer");
        }

        Kept.Write(model);
        Model = model;
        Evaluate(progress, cancellationToken);
    }

    /// <summary>gradient ← ∇L(θ). Shape: the length of θ.</summary>
    public void Gradient(VectorView<T> gradient, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Enter();
        Products.Gradient(gradient.AsMatrix(1, Dimension), progress, cancellationToken);
    }

    /// <summary>∇L(θ), on the host.</summary>
    public T[] Gradient(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Enter();
        using var buffer = Backend.Allocate<T>(Dimension);
        Gradient(buffer.All, progress, cancellationToken);
        return Backend.Read(buffer.All);
    }

    /// <summary>
    /// The same linearisation on another backend: activations, masks and adjoints are copied, not computed again, so that a
    /// rounding difference at a kink cannot make two backends differ.
    /// </summary>
    public Linearisation<T> CopyTo(IBackend other, CancellationToken cancellationToken = default)
    {
        using var pass = Enter();
        using var there = other.Gate.Enter();
        if (!IsResident)
        {
            throw new InvalidOperationException("A linearisation that is recomputed chunk by chunk cannot be copied.");
        }

        var options = _options with { ChunkSize = Kept.Sweep.ChunkSize, MemoryBudget = long.MaxValue };
        var copy = new Linearisation<T>(other, Model, _data, LossKind, options) { Loss = Loss, Error = Error };
        copy.OrDispose(() => copy.Kept.CopyFrom(Kept, cancellationToken));
        return copy;
    }

    /// <summary>The same model on the same data in another precision, from parameters and inputs before rounding; the caller's to dispose.</summary>
    internal Linearisation<TOther> In<TOther>(CancellationToken cancellationToken)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        using var pass = Enter();
        return new(Backend, Model, _data, LossKind, _options with { ChunkSize = 0 }, null, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var pass = Backend.Gate.EnterToRelease();
        _isDisposed = true;
        _space.Dispose();
        Kept.Dispose();
    }

    /// <summary>Enters the device for work with what is kept on it.</summary>
    internal ThreadGate.Pass Enter()
    {
        var pass = Backend.Gate.Enter();
        if (_isDisposed)
        {
            pass.Dispose();
            throw new ObjectDisposedException(nameof(Linearisation));
        }

        return pass;
    }

    /// <summary>Does what an object that is being made needs; where that fails, nobody else could dispose it.</summary>
    private void OrDispose(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Evaluate(IProgress<double>? progress, CancellationToken cancellationToken) =>
        _space.WithinMemory(() => (Loss, Error) = Kept.Evaluate(progress, cancellationToken));
}

/// <summary>How a linearisation is made.</summary>
public sealed record LineariseOptions
{
    /// <summary>Whether the loss is a mean over samples or a sum.</summary>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <summary>What stands for a network of signs, whose own loss is piecewise constant.</summary>
    public Surrogate Surrogate { get; init; }

    /// <summary>Samples a pass takes at once; 0 chooses from the network's widths and the device's memory.</summary>
    public int ChunkSize { get; init; }

    /// <summary>
    /// Bytes that activations may take. What does not fit is recomputed chunk by chunk in each product. 0 takes half of what
    /// the device has free.
    /// </summary>
    public long MemoryBudget { get; init; }
}
