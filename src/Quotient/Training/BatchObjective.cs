using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Training;

/// <summary>
/// The mean loss over one mini-batch after another of a training set; for several replicas, each goes through the set in an order of
/// its own. A mini-batch that is larger than a pass takes at once goes through in pieces, whose gradients add up, unless the network
/// needs it whole.
/// </summary>
internal sealed class BatchObjective<T> : IObjective<T>, IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly NetworkPlan<T> _plan;
    private readonly Passes<T> _passes;
    private readonly LossStage<T> _loss;
    private readonly VectorView<T> _buffers;
    private readonly DeviceSamples<T> _data;
    private readonly SignalSet<T> _passing, _values, _adjoints;
    private readonly DeviceBuffer<T> _saved;
    private readonly DeviceBuffer<int> _orderOnDevice;
    private readonly DeviceBuffer<double> _lossSums;
    private readonly BatchOrder _order;
    private readonly Sweep _sweep;
    private long _seen;
    private int _first, _count;
    private bool _counted;

    /// <summary>Of each replica, at most so many rows go through a pass at once (<see cref="RowsAtOnce"/>); the data must offer as many.</summary>
    public BatchObjective(
        IBackend backend, NetworkPlan<T> plan, VectorView<T> buffers, Loss loss, DeviceSamples<T> data, int replicas, int batchSize, int rows)
    {
        (_backend, _plan, _buffers, _data, _sweep) = (backend, plan, buffers, data, new(rows));
        var ops = backend.Ops<T>();
        _passes = new(plan, ops);
        _loss = loss.On(ops);
        _passing = new(backend, plan.Signals.PassingValues, rows, replicas);
        _values = new(backend, plan.Signals.KeptValues, rows, replicas, _passing);
        _adjoints = new(backend, plan.Signals.Adjoints, rows, replicas);
        _saved = backend.Allocate<T>((long)replicas * rows * plan.Classes);
        _order = new(data.Count, replicas, batchSize, rows);
        _orderOnDevice = backend.Allocate<int>(_order.Places.Length);
        _lossSums = backend.Allocate<double>(2);
        Replicas = replicas;
    }

    public int Replicas { get; }

    // What counts for the mean loss, and what does not.
    private VectorView<double> LossSum => _lossSums.Slice(_counted ? 1 : 0, 1);

    /// <summary>Samples of a replica that a pass takes at once, of those that suit the device: a whole mini-batch where the network needs it.</summary>
    public static int RowsAtOnce(NetworkPlan<T> plan, int replicas, int batchSize, int suitable) =>
        plan.NeedsWholeBatch ? batchSize : Math.Min(Math.Max(1, suitable / replicas), batchSize);

    /// <summary>Begins an epoch: orders the samples, and counts its losses from 0.</summary>
    /// <param name="seed">What the orders are drawn from; null for the samples' own.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public void Begin(ulong? seed, int epoch)
    {
        _order.Draw(seed, epoch);
        _backend.Write<int>(_order.Places, _orderOnDevice.All);
        _backend.Write<double>([0, 0], _lossSums.All);
        _seen = 0;
    }

    /// <summary>Makes the samples at places first … first + count − 1 of each replica's order its mini-batch.</summary>
    public void Select(int first, int count) => (_first, _count, _counted) = (first, count, false);

    public void Gradient(MatrixView<T> theta, MatrixView<T> gradient, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Rows, Replicas, nameof(theta));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Rows, Replicas, nameof(gradient));
        _sweep.Sum(_count, gradient, (piece, sum) => AddGradient(piece, theta, sum, cancellationToken), null, cancellationToken);

        // Only the loss at the step's own θ counts, which is the first point where a gradient is taken.
        _seen += _counted ? 0 : (long)Replicas * _count;
        _counted = true;
    }

    /// <summary>The mean of the losses where this epoch's steps began. Waits for the device.</summary>
    public double MeanLoss() => _backend.Read(_lossSums.All)[0] / _seen;

    public void Dispose()
    {
        _passing.Dispose();
        _values.Dispose();
        _adjoints.Dispose();
        _saved.Dispose();
        _orderOnDevice.Dispose();
        _lossSums.Dispose();
    }

    private void AddGradient(Chunk piece, MatrixView<T> theta, MatrixView<T> gradient, CancellationToken cancellationToken)
    {
        int last = _plan.Steps.Count - 1, rows = piece.Count;
        var samples = _data.Gather(
            _order.Places, _orderOnDevice.All, Replicas * (_first + piece.First), Replicas * rows, cancellationToken);
        _values.Rows = _adjoints.Rows = rows;
        var saved = _saved.Matrix(samples.Inputs.Rows, _plan.Classes);
        var inputs = new MatrixBatch<T>(samples.Inputs.RowRange(0, rows), Replicas, Replicas == 1 ? 0 : rows * samples.Inputs.Stride);

        // Running statistics move once a step, as losses count once, at the step's own θ.
        var at = new Point<T>(theta, inputs, _values)
        {
            Buffers = _buffers,
            Statistics = _counted ? Statistics.Batch : Statistics.BatchAndRecord,
        };
        _passes.Forward(at);
        _loss.Evaluate(_values.Stacked(last), samples.Targets, saved, LossSum);
        _loss.Gradient(saved, samples.Targets, 1.0 / _count, _adjoints.Stacked(last));
        _passes.Backward(_plan.Whole, at, _adjoints, gradient, piece.Beta);
    }
}
