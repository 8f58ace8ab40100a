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
/// in the memory budget they are recomputed chunk by chunk (<see cref="IsResident"/> is then false), which adds a forward and a
/// backward pass to each product. The operators are valid as long as this object is not disposed, and use one thread at a time.
/// </remarks>
public sealed partial class Linearisation<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dataset _data;
    private readonly LineariseOptions _options;
    private readonly DeviceBuffer<T> _theta;
    private readonly LossStage<T> _loss;

    internal Linearisation(IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options)
        : this(backend, model, data, loss, options, true)
    {
    }

    private Linearisation(IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options, bool compute)
    {
        Compatibility.Check(model.Network, data, loss);
        (Backend, Model, _data, LossKind, _options) = (backend, model, data, loss, options);
        var ops = backend.Ops<T>();
        Plan = NetworkPlan<T>.Compile(model.Network, backend);
        Passes = new(Plan, ops);
        _loss = loss.On(ops);
        _theta = backend.Allocate<T>(model.Network.ParameterCount);
        WriteParameters();
        (_chunkSize, IsResident) = Chunks.Choose(backend, Plan, data.Count, options);
        Products = new(this);
        _isCopy = !compute;
        if (!compute)
        {
            return;
        }

        try
        {
            Evaluate();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Linearises; where the device has less memory than it said, as when another process takes some, again with a quarter of the
    /// budget, which means smaller chunks.
    /// </summary>
    /// <exception cref="DeviceOutOfMemoryException">Not even small chunks fit.</exception>
    internal static Linearisation<T> Create(IBackend backend, Model model, Dataset data, Loss loss, LineariseOptions options)
    {
        const int Attempts = 6;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new(backend, model, data, loss, options);
            }
            catch (DeviceOutOfMemoryException) when (attempt < Attempts)
            {
                long budget = options.MemoryBudget > 0 ? options.MemoryBudget : backend.AvailableMemory / 2;
                options = options with { MemoryBudget = Math.Max(1, budget / 4) };
            }
        }
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
    public bool IsResident { get; private set; }

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

    internal NetworkPlan<T> Plan { get; }

    internal Passes<T> Passes { get; }

    internal LossStage<T> LossStage => _loss;

    internal CurvatureProducts<T> Products { get; }

    internal MatrixView<T> Theta => _theta.Matrix(1, _theta.Length);

    internal int ChunkSize => _chunkSize;

    /// <summary>The factor of each sample in the loss: 1/N or 1.</summary>
    internal double SampleScale => _options.Reduction == Reduction.Mean ? 1.0 / Samples : 1;

    /// <summary>
    /// Moves to other parameters of the same network, keeping data and memory: to follow a spectrum through training. Operators
    /// made before see the new θ.
    /// </summary>
    public void MoveTo(Model model)
    {
        if (Architecture.Write(model.Network) != Architecture.Write(Model.Network))
        {
            throw new QuotientException($"the network {model.Network} is not the one that was linearised, {Model.Network}, layer by layer");
        }

        Model = model;
        WriteParameters();
        Products.WithinMemory(Evaluate);
    }

    /// <summary>gradient ← ∇L(θ). Shape: the length of θ.</summary>
    public void Gradient(VectorView<T> gradient)
    {
        var rows = gradient.AsMatrix(1, Dimension);
        Products.WithinMemory(() => ForEachChunk((state, first) =>
            Passes.Gradient(state.Inputs, state.Values, state.Adjoints, rows, first == 0 ? 0 : 1)));
    }

    /// <summary>∇L(θ), on the host.</summary>
    public T[] Gradient()
    {
        using var buffer = Backend.Allocate<T>(Dimension);
        Gradient(buffer.All);
        var host = new T[Dimension];
        Backend.Read(buffer.All, host.AsSpan());
        return host;
    }

    /// <summary>
    /// The same linearisation on another backend: activations, masks and adjoints are copied, not computed again, so that a
    /// rounding difference at a kink cannot make two backends differ.
    /// </summary>
    public Linearisation<T> CopyTo(IBackend other)
    {
        if (!IsResident)
        {
            throw new InvalidOperationException("A linearisation that is recomputed chunk by chunk cannot be copied.");
        }

        var options = _options with { ChunkSize = _chunkSize, MemoryBudget = long.MaxValue };
        var copy = new Linearisation<T>(other, Model, _data, LossKind, options, false) { Loss = Loss, Error = Error, _isWhole = true };
        ForEachChunk((state, first) =>
        {
            var target = copy.StateAt(first);
            target.Load(first, state.Rows, _options.Cancellation);
            target.CopyFrom(Backend, state, other);
        });
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Products.Dispose();
        Plan.Dispose();
        _theta.Dispose();
        ReleaseStates();
    }

    private void WriteParameters()
    {
        var theta = Array.ConvertAll(Model.Parameters, T.CreateChecked);
        int bad = Array.FindIndex(theta, value => !T.IsFinite(value));
        if (bad >= 0)
        {
            throw new QuotientException($"parameter {bad} is {Model.Parameters[bad]}, which {PrecisionName} precision cannot hold");
        }

        Backend.Write<T>(theta, _theta.All);
    }

    private static string PrecisionName => typeof(T) == typeof(float) ? "single" : "double";
}
