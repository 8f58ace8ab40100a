using System.Numerics;
using Quotient.Backends;
using Quotient.Data;
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
/// forward and a backward pass to each product. The operators are valid as long as this object is not disposed, and use one thread
/// at a time.
/// </remarks>
public sealed class Linearisation<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dataset _data;
    private readonly LineariseOptions _options;
    private readonly WorkSpace<T> _space;

    /// <exception cref="DeviceOutOfMemoryException">Not even small chunks fit.</exception>
    internal Linearisation(
        IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        : this(backend, model, data, loss, options)
    {
        try
        {
            Evaluate(progress, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private Linearisation(IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options)
    {
        Compatibility.Check(model.Network, data, loss);
        (Backend, Model, _data, LossKind, _options) = (backend, model, data, loss, options);
        Kept = new(backend, model.Network, data, loss, options);
        _space = new(Kept);
        (Products, Factors) = (new(Kept, _space), new(Kept, _space));
        Kept.Write(model.Parameters);
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

    /// <summary>The Hessian of the loss.</summary>
    public Hessian<T> Hessian => new(this, Plan.Whole);

    /// <summary>The (generalised) Gauss–Newton matrix of the loss.</summary>
    public GaussNewton<T> GaussNewton => new(this, Plan.Whole);

    /// <summary>The Fisher matrix of the model's own predictive distribution.</summary>
    public Fisher<T> Fisher => new(this, Plan.Whole);

    /// <summary>The empirical Fisher matrix, of the gradients at the data's own labels.</summary>
    public EmpiricalFisher<T> EmpiricalFisher => new(this, Plan.Whole);

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
        if (Surrogate != Surrogate.None && model.Network.Tensors.Any(tensor => tensor.IsBinary))
        {
            model = model.ToSurrogate(Surrogate);
        }

        if (Architecture.Write(model.Network) != Architecture.Write(Model.Network))
        {
            throw new QuotientException($"the network {model.Network} is not the one that was linearised, {Model.Network}, layer by layer");
        }

        Model = model;
        Kept.Write(model.Parameters);
        Evaluate(progress, cancellationToken);
    }

    /// <summary>gradient ← ∇L(θ). Shape: the length of θ.</summary>
    public void Gradient(VectorView<T> gradient, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Products.Gradient(gradient.AsMatrix(1, Dimension), progress, cancellationToken);

    /// <summary>∇L(θ), on the host.</summary>
    public T[] Gradient(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var buffer = Backend.Allocate<T>(Dimension);
        Gradient(buffer.All, progress, cancellationToken);
        var host = new T[Dimension];
        Backend.Read(buffer.All, host.AsSpan());
        return host;
    }

    /// <summary>
    /// The same linearisation on another backend: activations, masks and adjoints are copied, not computed again, so that a
    /// rounding difference at a kink cannot make two backends differ.
    /// </summary>
    public Linearisation<T> CopyTo(IBackend other, CancellationToken cancellationToken = default)
    {
        if (!IsResident)
        {
            throw new InvalidOperationException("A linearisation that is recomputed chunk by chunk cannot be copied.");
        }

        var options = _options with { ChunkSize = Kept.Sweep.ChunkSize, MemoryBudget = long.MaxValue };
        var copy = new Linearisation<T>(other, Model, _data, LossKind, options) { Loss = Loss, Error = Error };
        copy.Kept.CopyFrom(Kept, cancellationToken);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _space.Dispose();
        Kept.Dispose();
    }

    private void Evaluate(IProgress<double>? progress, CancellationToken cancellationToken) =>
        _space.WithinMemory(() => (Loss, Error) = Kept.Evaluate(progress, cancellationToken));
}
