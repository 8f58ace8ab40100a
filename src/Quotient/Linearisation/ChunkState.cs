using System.Numerics;
using Quotient.Backends;
using Quotient.Data;

namespace Quotient.Linearisation;

/// <summary>
/// What a linearisation keeps of a chunk of samples, all of it a function of θ alone: inputs, activations (whose signs are the
/// masks), what the loss saved, and the adjoints δ of the mean loss.
/// </summary>
internal sealed class ChunkState<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _inputs;
    private readonly DeviceBuffer<T> _saved;
    private readonly DeviceBuffer<int> _labels;
    private readonly DeviceBuffer<T> _targets;
    private readonly int _inputWidth, _classes;
    private readonly bool _hasLabels, _hasTargets;
    private int _first = -1;

    public ChunkState(IBackend backend, NetworkPlan<T> plan, Loss loss, Dataset data, int capacity)
    {
        _inputWidth = plan.Network.Input.Size;
        _classes = plan.Classes;
        _hasLabels = data.Classes > 0;
        _hasTargets = loss == Loss.SquaredError;
        _inputs = backend.Allocate<T>((long)capacity * _inputWidth);
        _saved = backend.Allocate<T>((long)capacity * _classes);
        _labels = backend.Allocate<int>(_hasLabels ? capacity : 0);
        _targets = backend.Allocate<T>(_hasTargets ? (long)capacity * _classes : 0);
        Values = new(backend, plan.Widths, capacity, 1);
        Adjoints = new(backend, plan.Widths, capacity, 1);
    }

    /// <summary>The samples in use now.</summary>
    public int Rows { get; private set; }

    public SignalSet<T> Values { get; }

    public SignalSet<T> Adjoints { get; }

    public MatrixView<T> Inputs => _inputs.Matrix(Rows, _inputWidth);

    public MatrixView<T> Saved => _saved.Matrix(Rows, _classes);

    public Targets<T> Targets => new(
        _hasLabels ? _labels.Slice(0, Rows) : null, _hasTargets ? _targets.Matrix(Rows, _classes) : null);

    /// <summary>Bytes that a state of one sample takes.</summary>
    public static unsafe long BytesPerSample(NetworkPlan<T> plan) =>
        sizeof(T) * (plan.Network.Input.Size + (2L * plan.Classes) + (2L * plan.Widths.Sum())) + sizeof(int);

    /// <summary>Brings samples first … first + count − 1 to the device, unless they are there.</summary>
    public void Load(IBackend backend, Dataset data, int first, int count)
    {
        if (first == _first && count == Rows)
        {
            return;
        }

        _first = first;
        Rows = Values.Rows = Adjoints.Rows = count;
        var inputs = new T[count * _inputWidth];
        data.CopyInputs(first, count, inputs.AsSpan());
        backend.Write<T>(inputs, Inputs.AsVector());
        if (_hasLabels)
        {
            backend.Write(data.Labels.Slice(first, count), _labels.Slice(0, count));
        }

        if (_hasTargets)
        {
            var targets = new T[count * _classes];
            data.CopyTargets(first, count, targets.AsSpan());
            backend.Write<T>(targets, _targets.Slice(0, targets.Length));
        }
    }

    /// <summary>Copies what another backend computed, so that both continue from the same masks.</summary>
    public void CopyFrom(IBackend source, ChunkState<T> state, IBackend destination)
    {
        Transfer(source, state.Saved.AsVector(), destination, Saved.AsVector());
        for (int step = 0; step < Values.Steps; step++)
        {
            Transfer(source, state.Values[step].First.AsVector(), destination, Values[step].First.AsVector());
            Transfer(source, state.Adjoints[step].First.AsVector(), destination, Adjoints[step].First.AsVector());
        }
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _saved.Dispose();
        _labels.Dispose();
        _targets.Dispose();
        Values.Dispose();
        Adjoints.Dispose();
    }

    private static void Transfer(IBackend source, VectorView<T> from, IBackend destination, VectorView<T> to)
    {
        var host = new T[from.Length];
        source.Read(from, host.AsSpan());
        destination.Write<T>(host, to);
    }
}
