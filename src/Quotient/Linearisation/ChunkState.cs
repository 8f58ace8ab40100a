using Quotient.Backends;

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

    /// <summary>Takes room, beside that which all chunks share for what no later pass reads.</summary>
    public ChunkState(
        IBackend backend, NetworkPlan<T> plan, Loss loss, Dataset data, int capacity, (SignalSet<T> Values, SignalSet<T> Adjoints) passing)
    {
        _classes = plan.Classes;
        _samples = new(backend, data, loss, capacity);
        _saved = backend.Allocate<T>((long)capacity * _classes);
        Values = new(backend, plan.Signals.KeptValues, capacity, 1, passing.Values);
        Adjoints = new(backend, plan.Signals.KeptAdjoints, capacity, 1, passing.Adjoints);
    }

    /// <summary>The samples in use now.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether everything in it has been computed once; a move computes it again.</summary>
    public bool IsComputed { get; set; }

    public SignalSet<T> Values { get; }

    public SignalSet<T> Adjoints { get; }

    public SampleBatch<T> Samples => _samples.Range(0, Rows);

    public MatrixView<T> Saved => _saved.Matrix(Rows, _classes);

    /// <summary>Bytes that a state of one sample takes.</summary>
    public static unsafe long BytesPerSample(NetworkPlan<T> plan) => sizeof(int) + (sizeof(T)
        * (plan.Network.Input.Size + (2L * plan.Classes) + plan.Signals.KeptValues.Width + plan.Signals.KeptAdjoints.Width));

    /// <summary>Brings a chunk's samples to the device, unless they are there.</summary>
    public void Load(Chunk chunk, CancellationToken cancellationToken)
    {
        if (chunk.First == _first && chunk.Count == Rows)
        {
            return;
        }

        // Only a load that ran to its end is remembered.
        _first = -1;
        Rows = Values.Rows = Adjoints.Rows = chunk.Count;
        _samples.Load(chunk.First, chunk.Count, null, cancellationToken);
        _first = chunk.First;
    }

    /// <summary>Copies what another backend computed, so that both continue from the same masks.</summary>
    public void CopyFrom(IBackend source, ChunkState<T> state, IBackend destination)
    {
        Transfer(source, state.Saved, destination, Saved);
        foreach (var (from, to) in new[] { (state.Values, Values), (state.Adjoints, Adjoints) })
        {
            foreach (int signal in Enumerable.Range(0, from.Layout.Signals.Count).Where(from.Layout.Holds))
            {
                Transfer(source, from.Stacked(signal), destination, to.Stacked(signal));
            }
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

    private static void Transfer(IBackend source, MatrixView<T> from, IBackend destination, MatrixView<T> to) =>
        destination.Write<T>(source.Read(from.AsVector()), to.AsVector());
}
