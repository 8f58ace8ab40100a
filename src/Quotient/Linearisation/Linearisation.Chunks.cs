using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>The chunks of samples that every pass goes over, and what is kept of each.</summary>
public sealed partial class Linearisation<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<ChunkState<T>> _states = [];
    private int _chunkSize, _quartered;
    private bool _isWhole, _isCopy;

    /// <summary>Runs over all chunks, in order, each with its state at θ, and with the index of its first sample.</summary>
    internal void ForEachChunk(Action<ChunkState<T>, int> action)
    {
        RequireWhole();
        for (int first = 0; first < Samples; first += _chunkSize)
        {
            ThrowIfCancelled();
            var state = StateAt(first);
            if (!IsResident || !state.IsComputed)
            {
                Compute(state, first, null);
            }

            action(state, first);
            ReportPass(first);
        }
    }

    /// <summary>The same over what is kept of all chunks, without a word to anyone, as a recording needs it.</summary>
    internal void ForEachState(Action<ChunkState<T>, int> action)
    {
        foreach (var (index, state) in _states.Index())
        {
            action(state, index * _chunkSize);
        }
    }

    /// <summary>Runs what goes over all chunks at once: a replay of what was recorded of them.</summary>
    internal void AllChunks(Action action)
    {
        RequireWhole();
        ThrowIfCancelled();
        action();
        _options.Progress?.Report(1);
    }

    /// <summary>
    /// Where memory runs out: takes a quarter of the samples at once, or keeps nothing between passes. What is kept is computed
    /// again when it is next wanted. Not within a pass.
    /// </summary>
    /// <returns>False where nothing is left to give up.</returns>
    internal bool TakeSmallerChunks()
    {
        // What was copied, masks and all, could not be computed again. A single sample that is not kept is the least.
        if (_isCopy || (_chunkSize == 1 && !IsResident))
        {
            return false;
        }

        // After two quarters a product's work space is small beside what is kept: that is in the way then.
        const int Quarters = 2;
        if (_chunkSize == 1 || (IsResident && _quartered == Quarters))
        {
            IsResident = false;
        }
        else
        {
            (_chunkSize, _quartered) = (Math.Max(1, _chunkSize / 4), _quartered + 1);
        }

        ReleaseStates();
        return true;
    }

    internal void ThrowIfCancelled() => _options.Cancellation.ThrowIfCancellationRequested();

    /// <summary>The one pass that a linearisation is made by: loss and errors, and what is kept.</summary>
    private void Evaluate()
    {
        _isWhole = false;
        using var totals = Backend.Allocate<double>(2);
        for (int first = 0; first < Samples; first += _chunkSize)
        {
            ThrowIfCancelled();
            Compute(StateAt(first), first, totals);
            ReportPass(first);
        }

        var host = new double[2];
        Backend.Read(totals.All, host.AsSpan());
        Loss = host[0] * SampleScale;
        Error = _data.Classes > 0 ? host[1] / Samples : null;
        _isWhole = double.IsFinite(Loss)
            ? true
            : throw new QuotientException(
                $"the loss of the network {Model.Network} on {_data.Name} is {Loss} in {PrecisionName} precision: its parameters or the data are too large");
        _isCopy = false;
    }

    private void RequireWhole()
    {
        if (!_isWhole)
        {
            throw new InvalidOperationException("The last move to other parameters did not end; move again.");
        }
    }

    private void Compute(ChunkState<T> state, int first, DeviceBuffer<double>? totals)
    {
        int last = Plan.Steps.Count - 1;
        using var discarded = totals is null ? Backend.Allocate<double>(1) : null;
        state.Load(first, ChunkAt(first), _options.Cancellation);
        Passes.Forward(Theta, state.Inputs, state.Values);
        var outputs = state.Values[last].First;
        _loss.Evaluate(outputs, state.Targets, state.Saved, (totals ?? discarded!).Slice(0, 1));
        if (totals is not null && state.Targets.Labels is { } labels)
        {
            Backend.Ops<T>().CountErrors(outputs, labels, totals.Slice(1, 1));
        }

        _loss.Gradient(state.Saved, state.Targets, SampleScale, state.Adjoints[last].First);
        Passes.Backward(Plan.Whole, Theta, state.Inputs, state.Values, state.Adjoints, null, 0);
        state.IsComputed = true;
    }

    /// <summary>The state that holds the chunk from a sample on: its own, or the one that all share.</summary>
    private ChunkState<T> StateAt(int first)
    {
        int index = IsResident ? first / _chunkSize : 0;
        if (index == _states.Count)
        {
            _states.Add(NewState(ChunkAt(first)));
        }

        return _states[index];
    }

    private void ReleaseStates()
    {
        _states.ForEach(state => state.Dispose());
        _states.Clear();
    }

    private void ReportPass(int first) => _options.Progress?.Report((double)(first + ChunkAt(first)) / Samples);

    private int ChunkAt(int first) => Math.Min(_chunkSize, Samples - first);

    private ChunkState<T> NewState(int capacity) => new(Backend, Plan, LossKind, _data, capacity);
}
