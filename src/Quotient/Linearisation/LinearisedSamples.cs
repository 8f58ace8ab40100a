using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>θ on the device, and the states of all chunks of samples at θ: kept, or computed again whenever a sweep comes by.</summary>
internal sealed class LinearisedSamples<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dataset _data;
    private readonly Loss _kind;
    private readonly DeviceBuffer<T> _theta, _buffers;
    private readonly List<ChunkState<T>> _states = [];
    private (SignalSet<T> Values, SignalSet<T> Adjoints)? _passing;

    // What was copied, masks and all, cannot be computed again.
    private bool _isWhole, _isCopy;

    public LinearisedSamples(IBackend backend, Network network, Dataset data, Loss loss, LineariseOptions options)
    {
        (Backend, _data, _kind) = (backend, data, loss);
        Plan = NetworkPlan<T>.Compile(network, backend);
        Passes = new(Plan, backend.Ops<T>());
        Loss = loss.On(backend.Ops<T>());
        Scale = options.Reduction == Reduction.Mean ? 1.0 / data.Count : 1;
        _theta = backend.Allocate<T>(network.ParameterCount);
        _buffers = backend.Allocate<T>(network.BufferCount);
        Sweep = Sweep.Of(backend, Plan, data.Count, options);
    }

    public IBackend Backend { get; }

    public NetworkPlan<T> Plan { get; }

    public Passes<T> Passes { get; }

    public LossStage<T> Loss { get; }

    /// <summary>How the samples are gone over.</summary>
    public Sweep Sweep { get; }

    /// <summary>The factor of each sample in the loss: 1/N or 1.</summary>
    public double Scale { get; }

    /// <summary>N.</summary>
    public int Count => _data.Count;

    /// <summary>Where passes over a chunk are taken.</summary>
    public Point<T> At(ChunkState<T> state) => new(_theta.Matrix(1, _theta.Length), state.Samples.Inputs, state.Values)
    {
        Buffers = _buffers.All,
    };

    /// <exception cref="QuotientException">A parameter overflows.</exception>
    public void Write(Model model)
    {
        Write("parameter", model.Parameters, _theta);
        Write("value beside the parameters", model.Buffers, _buffers);
    }

    /// <summary>Computes all states at θ; gives the loss and the share of errors, where there are classes.</summary>
    /// <exception cref="QuotientException">The loss is not finite.</exception>
    public (double Loss, double? Error) Evaluate(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (_isWhole, _isCopy) = (false, false);
        using var totals = Backend.Allocate<double>(2);
        Sweep.Sum(
            Count, totals.Matrix(1, 2), (chunk, sums) => Compute(StateAt(chunk), chunk, sums.Row(0).Slice(0, 1), sums.Row(0).Slice(1, 1), cancellationToken), progress,
            cancellationToken);
        double[] host = Backend.Read(totals.All);
        double loss = host[0] * Scale;
        _isWhole = double.IsFinite(loss)
            ? true
            : throw new QuotientException(
                $"the loss of the network {Plan.Network} on {_data.Name} is {loss} in {PrecisionName} precision: its parameters or the data are too large");
        return (loss, _data.Classes > 0 ? host[1] / Count : null);
    }

    /// <summary>Visits all chunks, each with its state at θ.</summary>
    public void Each(Action<ChunkState<T>, Chunk> visit, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireWhole();
        Sweep.Each(Count, chunk => visit(Computed(chunk, cancellationToken), chunk), progress, cancellationToken);
    }

    /// <summary>total ← the sum of what all chunks add, each with its state at θ.</summary>
    public void Sum(
        MatrixView<T> total, Action<ChunkState<T>, Chunk, MatrixView<T>> add, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireWhole();
        Sweep.Sum(Count, total, (chunk, sum) => add(Computed(chunk, cancellationToken), chunk, sum), progress, cancellationToken);
    }

    /// <summary>Takes over what another device keeps.</summary>
    public void CopyFrom(LinearisedSamples<T> source, CancellationToken cancellationToken)
    {
        (_isWhole, _isCopy) = (true, true);
        source.Each(
            (state, chunk) =>
            {
                var target = StateAt(chunk);
                target.Load(chunk, cancellationToken);
                target.CopyFrom(source.Backend, state, Backend);
            },
            null,
            cancellationToken);
    }

    /// <summary>
    /// Where memory runs out: takes smaller chunks, or keeps nothing between passes. What is kept is computed again when it is next
    /// wanted. Not within a pass.
    /// </summary>
    /// <returns>False where nothing is left to give up.</returns>
    public bool TakeLess()
    {
        if (_isCopy || !Sweep.TakeLess())
        {
            return false;
        }

        ReleaseStates();
        return true;
    }

    /// <summary>Throws where the last move did not end.</summary>
    public void RequireWhole()
    {
        if (!_isWhole)
        {
            throw new InvalidOperationException("The last move to other parameters did not end; move again.");
        }
    }

    public void Dispose()
    {
        Plan.Dispose();
        _theta.Dispose();
        _buffers.Dispose();
        ReleaseStates();
    }

    private static string PrecisionName => typeof(T) == typeof(float) ? "single" : "double";

    private void Write(string what, double[] values, DeviceBuffer<T> target)
    {
        var rounded = Array.ConvertAll(values, T.CreateChecked);
        int bad = Array.FindIndex(rounded, value => !T.IsFinite(value));
        if (bad >= 0)
        {
            throw new QuotientException($"{what} {bad} is {values[bad]}, which {PrecisionName} precision cannot hold");
        }

        Backend.Write<T>(rounded, target.All);
    }

    private ChunkState<T> Computed(Chunk chunk, CancellationToken cancellationToken)
    {
        var state = StateAt(chunk);
        if (!Sweep.IsResident || !state.IsComputed)
        {
            using var discarded = Backend.Allocate<double>(1);
            Compute(state, chunk, discarded.All, null, cancellationToken);
        }

        return state;
    }

    /// <summary>The state ← forward and backward pass; loss and errors, where they are wanted, grow by the chunk's.</summary>
    private void Compute(
        ChunkState<T> state, Chunk chunk, VectorView<double> loss, VectorView<double>? errors, CancellationToken cancellationToken)
    {
        int last = Plan.Steps.Count - 1;
        state.Load(chunk, cancellationToken);
        var at = At(state);
        Passes.Forward(at);
        var (outputs, targets) = (state.Values[last].First, state.Samples.Targets);
        Loss.Evaluate(outputs, targets, state.Saved, loss);
        if (errors is { } count && targets.Labels is { } labels)
        {
            Backend.Ops<T>().CountErrors(outputs, labels, count);
        }

        Loss.Gradient(state.Saved, targets, Scale, state.Adjoints[last].First);
        Passes.Backward(Plan.Whole, at, state.Adjoints, null, 0);
        state.IsComputed = true;
    }

    /// <summary>The state that holds a chunk: its own, or the one that all share.</summary>
    private ChunkState<T> StateAt(Chunk chunk)
    {
        int index = Sweep.IsResident ? chunk.First / Sweep.ChunkSize : 0;
        if (index == _states.Count)
        {
            _passing ??= (
                new(Backend, Plan.Signals.PassingValues, Sweep.ChunkSize, 1), new(Backend, Plan.Signals.PassingAdjoints, Sweep.ChunkSize, 1));
            _states.Add(new(Backend, Plan, _kind, _data, chunk.Count, _passing.Value));
        }

        return _states[index];
    }

    private void ReleaseStates()
    {
        _states.ForEach(state => state.Dispose());
        _states.Clear();
        _passing?.Values.Dispose();
        _passing?.Adjoints.Dispose();
        _passing = null;
    }
}
