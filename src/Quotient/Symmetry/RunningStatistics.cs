using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>
/// Computes the running statistics of batch norms anew: mean and variance, over a whole data set, of what reaches each norm when those before it
/// have theirs. They do not depend on how many samples a pass takes at once.
/// </summary>
/// <remarks>
/// A pass over the data for each norm, up to it; means and variances of chunks are joined by the formula of Chan, Golub and LeVeque (1983). As in
/// training, variances are divided by one less than the number of values.
/// </remarks>
internal sealed class RunningStatistics<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly NetworkPlan<T> _plan;
    private readonly Passes<T> _passes;
    private readonly DeviceSamples<T> _data;
    private readonly SignalSet<T> _values;
    private readonly VectorView<T> _buffers;
    private readonly Sweep _sweep;

    /// <summary>Of a network on data, of which a pass takes so many samples at once at most, into buffers on the device.</summary>
    public RunningStatistics(IBackend backend, Network network, DeviceSamples<T> data, int rows, VectorView<T> buffers)
    {
        (_backend, _data, _buffers) = (backend, data, buffers);
        QuotientException.ThrowIf(data.Count < 2, $"{data.Data.Name} has one sample, which has no variance: statistics of batch norms need two or more");
        _plan = NetworkPlan<T>.Compile(AtMomentumOne(network), backend);
        _passes = new(_plan, backend.Ops<T>());
        _sweep = new(Math.Min(rows, Evaluator<T>.RowsThatFit(backend, _plan, data.Data)));
        _values = new(backend, _plan.Signals.Evaluated, _sweep.ChunkSize, 1);
    }

    /// <summary>The buffers ← the statistics at θ.</summary>
    public void Compute(MatrixView<T> theta, CancellationToken cancellationToken)
    {
        foreach (var (index, step) in _plan.Steps.Index().Where(step => step.Item.Stage.BufferCount > 0))
        {
            Compute(theta, index, step, cancellationToken);
        }
    }

    public void Dispose()
    {
        _plan.Dispose();
        _values.Dispose();
    }

    /// <summary>With momentum 1, running statistics are the last mini-batch's.</summary>
    private static Network AtMomentumOne(Network network) => new(
        network.Input,
        [.. network.Nodes.Select(node => node.Layer is BatchNorm norm ? node with { Layer = norm with { Momentum = 1 } } : node)]);

    /// <summary>One norm's statistics from those of all chunks.</summary>
    private void Compute(MatrixView<T> theta, int norm, Step<T> step, CancellationToken cancellationToken)
    {
        int channels = (int)step.Stage.BufferCount / 2;
        var own = _buffers.Slice(step.BufferOffset, 2 * channels);
        double[] mean = new double[channels], squares = new double[channels];
        double seen = 0;
        _sweep.Each(
            _data.Count,
            chunk =>
            {
                _backend.Write<T>(new T[2 * channels], own);
                Forward(theta, chunk, norm, cancellationToken);
                T[] found = _backend.Read(own);
                double count = (double)chunk.Count * (step.Width / channels), all = seen + count;
                for (int channel = 0; channel < channels; channel++)
                {
                    double difference = double.CreateChecked(found[channel]) - mean[channel];
                    mean[channel] += difference * count / all;

                    // Of a single value the variance is none, not a number.
                    squares[channel] += (count > 1 ? double.CreateChecked(found[channels + channel]) * (count - 1) : 0)
                        + (difference * difference * seen * count / all);
                }

                seen = all;
            },
            null,
            cancellationToken);
        _backend.Write<T>(Array.ConvertAll([.. mean, .. squares.Select(square => square / (seen - 1))], T.CreateChecked), own);
    }

    /// <summary>Up to a norm, which records the statistics of the chunk.</summary>
    private void Forward(MatrixView<T> theta, Chunk chunk, int norm, CancellationToken cancellationToken)
    {
        var batch = _data.Range(chunk.First, chunk.Count, cancellationToken);
        _values.Rows = chunk.Count;
        for (int index = 0; index <= norm; index++)
        {
            var at = new Point<T>(theta, batch.Inputs, _values)
            {
                Buffers = _buffers,
                Statistics = index == norm ? Statistics.BatchAndRecord : Statistics.Running,
            };
            _plan.Steps[index].Stage.Forward(_passes.At(at, index));
        }
    }
}
