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
    private readonly SampleBuffers<T> _samples;
    private readonly DeviceBuffer<T> _saved;
    private readonly int _classes;
    private int _first = -1;

    public ChunkState(IBackend backend, NetworkPlan<T> plan, Loss loss, Dataset data, int capacity)
    {
        _classes = plan.Classes;
        _samples = new(backend, data, loss, capacity);
        _saved = backend.Allocate<T>((long)capacity * _classes);
        Values = new(backend, plan.Widths, capacity, 1);
        Adjoints = new(backend, plan.Widths, capacity, 1);
    }

    /// <summary>The samples in use now.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether everything in it has been computed once; a move computes it again.</summary>
    public bool IsComputed { get; set; }

    public SignalSet<T> Values { get; }

    public SignalSet<T> Adjoints { get; }

    public MatrixView<T> Inputs => _samples.Range(0, Rows).Inputs;

    public MatrixView<T> Saved => _saved.Matrix(Rows, _classes);

    public Targets<T> Targets => _samples.Range(0, Rows).Targets;

    /// <summary>Bytes that a state of one sample takes.</summary>
    public static unsafe long BytesPerSample(NetworkPlan<T> plan) =>
        sizeof(T) * (plan.Network.Input.Size + (2L * plan.Classes) + (2L * plan.Widths.Sum())) + sizeof(int);

    /// <summary>Brings samples first … first + count − 1 to the device, unless they are there.</summary>
    public void Load(int first, int count, CancellationToken cancellation)
    {
        if (first == _first && count == Rows)
        {
            return;
        }

        // Only a load that ran to its end is remembered.
        _first = -1;
        Rows = Values.Rows = Adjoints.Rows = count;
        _samples.Load(first, count, cancellation);
        _first = first;
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

        IsComputed = true;
    }

    public void Dispose()
    {
        _samples.Dispose();
        _saved.Dispose();
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
