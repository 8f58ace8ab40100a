using System.Numerics;
using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Training;

/// <summary>
/// The mean loss over one mini-batch after another of a training set. A mini-batch that is larger than a pass takes at once goes
/// through in pieces, whose gradients add up.
/// </summary>
internal sealed class BatchObjective<T> : IObjective<T>, IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly NetworkPlan<T> _plan;
    private readonly Passes<T> _passes;
    private readonly LossStage<T> _loss;
    private readonly DeviceSamples<T> _data;
    private readonly SignalSet<T> _values, _adjoints;
    private readonly DeviceBuffer<T> _saved;
    private readonly DeviceBuffer<int> _orderOnDevice;
    private readonly DeviceBuffer<double> _lossSum;
    private readonly CancellationToken _cancellation;
    private readonly int[] _order;
    private readonly int _rows;
    private long _seen;
    private int _first, _count;

    /// <param name="backend">The device.</param>
    /// <param name="plan">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The training set.</param>
    /// <param name="rows">The most samples that a pass takes at once.</param>
    /// <param name="cancellation">Stops it between two pieces of a mini-batch.</param>
    public BatchObjective(
        IBackend backend, NetworkPlan<T> plan, Loss loss, DeviceSamples<T> data, int rows, CancellationToken cancellation)
    {
        (_backend, _plan, _data, _rows, _cancellation) = (backend, plan, data, rows, cancellation);
        var ops = backend.Ops<T>();
        _passes = new(plan, ops);
        _loss = LossStage<T>.Of(loss, ops);
        _values = new(backend, plan.Widths, rows, 1);
        _adjoints = new(backend, plan.Widths, rows, 1);
        _saved = backend.Allocate<T>((long)rows * plan.Classes);
        _orderOnDevice = backend.Allocate<int>(data.Count);
        _lossSum = backend.Allocate<double>(1);
        _order = [.. Enumerable.Range(0, data.Count)];
    }

    /// <summary>Begins an epoch: orders the samples, and counts its losses from 0.</summary>
    /// <param name="seed">What the order is drawn from; null for the samples' own.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public void Begin(ulong? seed, int epoch)
    {
        if (seed is { } key)
        {
            Shuffle.Fill(_order, key, epoch);
        }

        _backend.Write<int>(_order, _orderOnDevice.All);
        _backend.Write<double>([0], _lossSum.All);
        _seen = 0;
    }

    /// <summary>Makes the samples at places first … first + count − 1 of the epoch's order the mini-batch.</summary>
    public void Select(int first, int count) => (_first, _count) = (first, count);

    /// <inheritdoc/>
    public void Gradient(VectorView<T> theta, VectorView<T> gradient)
    {
        for (int done = 0; done < _count; done += _rows)
        {
            _cancellation.ThrowIfCancellationRequested();
            var samples = _data.Gather(_order, _orderOnDevice.All, _first + done, Math.Min(_rows, _count - done));
            AddGradient(samples, theta.AsMatrix(1, theta.Length), gradient.AsMatrix(1, gradient.Length), done == 0 ? 0 : 1);
        }

        _seen += _count;
    }

    /// <summary>The mean of the losses that gradients of this epoch were taken of. Waits for the device.</summary>
    public double MeanLoss()
    {
        Span<double> sum = stackalloc double[1];
        _backend.Read(_lossSum.All, sum);
        return sum[0] / _seen;
    }

    public void Dispose()
    {
        _values.Dispose();
        _adjoints.Dispose();
        _saved.Dispose();
        _orderOnDevice.Dispose();
        _lossSum.Dispose();
    }

    private void AddGradient(SampleBatch<T> samples, MatrixView<T> theta, MatrixView<T> gradient, double beta)
    {
        int last = _plan.Steps.Count - 1;
        _values.Rows = _adjoints.Rows = (int)samples.Inputs.Rows;
        var saved = _saved.Matrix(samples.Inputs.Rows, _plan.Classes);
        _passes.Forward(theta, samples.Inputs, _values);
        _loss.Evaluate(_values[last].First, samples.Targets, saved, _lossSum.All);
        _loss.Gradient(saved, samples.Targets, 1.0 / _count, _adjoints[last].First);
        _passes.Backward(_plan.Whole, theta, samples.Inputs, _values, _adjoints, gradient, beta);
    }
}
