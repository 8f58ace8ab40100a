using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Evaluates one network again and again, at different θ or on different data, some θ at once.</summary>
internal sealed class Evaluator<T>(IBackend backend, NetworkPlan<T> plan, Loss loss, int rows, int members = 1) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Passes<T> _passes = new(plan, backend.Ops<T>());
    private readonly LossTally<T> _tally = new(backend, plan, loss, rows);
    private readonly DeviceBuffer<double> _totals = backend.Allocate<double>(2L * members);
    private readonly Sweep _sweep = new(rows);
    private SignalSet<T>? _values;

    /// <summary>
    /// Samples that a pass takes at once: a function of the network alone, so that sums are rounded alike whatever memory is free.
    /// </summary>
    public static int RowsAtOnce(IBackend backend, NetworkPlan<T> plan, int samples) =>
        Chunks.Choose(backend, plan, samples, new() { MemoryBudget = long.MaxValue }).Size;

    /// <summary>Loss and error at θ. Waits for the device once, at the end.</summary>
    public Evaluation Run(
        VectorView<T> theta, DeviceSamples<T> data, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Run(theta.AsMatrix(1, theta.Length), data, progress, cancellationToken)[0];

    /// <summary>Loss and error at each row of thetas, at most as many as there are members. Waits for the device once, at the end.</summary>
    public IReadOnlyList<Evaluation> Run(
        MatrixView<T> thetas, DeviceSamples<T> data, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var totals = new double[2 * thetas.Rows];
        var sums = _totals.Slice(0, totals.Length);
        Sweep.WithinMemory(
            () =>
            {
                _values ??= new(backend, plan.Signals.Evaluated, _sweep.ChunkSize, members);
                _values.Count = (int)thetas.Rows;
                backend.Write<double>(new double[totals.Length], sums);
                _sweep.Sum(
                    data.Count, sums.AsMatrix(1, totals.Length),
                    (chunk, sum) => Add(thetas, data.Range(chunk.First, chunk.Count, cancellationToken), sum.Row(0)), progress, cancellationToken);
            },
            TakeLess);
        backend.Read(sums, totals);
        return [.. Enumerable.Range(0, (int)thetas.Rows).Select(j => ResultOf(totals[2 * j], totals[(2 * j) + 1], data))];
    }

    public void Dispose()
    {
        _values?.Dispose();
        _tally.Dispose();
        _totals.Dispose();
    }

    /// <summary>Sums over samples as an evaluation.</summary>
    public static Evaluation ResultOf(double loss, double errors, DeviceSamples<T> data) =>
        new(loss / data.Count, data.Data.Classes > 0 ? errors / data.Count : null, data.Count);

    private void Add(MatrixView<T> thetas, SampleBatch<T> batch, VectorView<double> sums)
    {
        _values!.Rows = (int)batch.Inputs.Rows;
        _passes.Forward(new(thetas, batch.Inputs, _values));
        for (int j = 0; j < thetas.Rows; j++)
        {
            _tally.Add(_values[plan.Steps.Count - 1][j], batch.Targets, sums.Slice(2 * j, 2));
        }
    }

    private bool TakeLess()
    {
        _values?.Dispose();
        _values = null;
        return _sweep.TakeLess();
    }
}
