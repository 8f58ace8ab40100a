using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Measures;

/// <summary>
/// Evaluates θ that differ from one in a single step's parameters on a chunk of samples: the signals before that step are computed
/// once for all.
/// </summary>
internal sealed class FlipSweep<T>(
    IBackend backend, NetworkPlan<T> plan, VectorView<T> buffers, Loss loss, int rows, int members) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Passes<T> _passes = new(plan, backend.Ops<T>());
    private readonly LossTally<T> _tally = new(backend, plan, loss, rows);
    private readonly SignalSet<T> _before = new(backend, plan.Signals.All, rows, 1);
    private readonly SignalSet<T> _after = new(backend, plan.Signals.Evaluated, rows, members);
    private SampleBatch<T> _batch;

    /// <summary>Takes a chunk; sums ← sums + its loss and errors at theta.</summary>
    public void Begin(MatrixView<T> theta, SampleBatch<T> batch, VectorView<double> sums)
    {
        _batch = batch;
        _before.Rows = _after.Rows = (int)batch.Inputs.Rows;
        _passes.Forward(new(theta, batch.Inputs, _before) { Buffers = buffers });
        _tally.Add(_before[plan.Steps.Count - 1].First, batch.Targets, sums);
    }

    /// <summary>sums ← sums + loss and errors of the chunk at each row of thetas, which are as theta but for a step.</summary>
    public void Add(int step, MatrixView<T> thetas, VectorView<double> sums)
    {
        _after.Count = (int)thetas.Rows;
        _after.Before = (_before, step);
        _passes.Forward(new(thetas, _batch.Inputs, _after) { Buffers = buffers }, step);
        for (int j = 0; j < thetas.Rows; j++)
        {
            _tally.Add(_after[plan.Steps.Count - 1][j], _batch.Targets, sums.Slice(2 * j, 2));
        }
    }

    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
        _tally.Dispose();
    }
}
