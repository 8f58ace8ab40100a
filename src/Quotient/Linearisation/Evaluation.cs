using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>A model's loss and error on a data set, found by forward passes alone.</summary>
/// <param name="Loss">The mean over samples.</param>
/// <param name="Error">The share of samples that are classified wrongly; null where the data has no classes.</param>
/// <param name="Samples">The number of samples.</param>
public sealed record Evaluation(double Loss, double? Error, int Samples)
{
    /// <summary>Evaluates a model. Data that does not fit on the device is brought there part by part.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="model">The network and θ, rounded to <typeparamref name="T"/>.</param>
    /// <param name="data">The samples.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="progress">Is told the share of samples that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public static Evaluation Run<T>(
        Engine engine, Model model, Dataset data, Loss? loss = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = engine.Backend.Gate.Enter();
        loss ??= Quotient.Loss.CrossEntropy;
        Compatibility.Check(model.Network, data, loss);
        var backend = engine.Backend;
        using var plan = NetworkPlan<T>.Compile(model.Network, backend, differentiates: false);
        using var theta = backend.Store<T>(Array.ConvertAll(model.Parameters, T.CreateChecked));
        using var buffers = backend.Store<T>(Array.ConvertAll(model.Buffers, T.CreateChecked));
        var sweep = new Sweep(Evaluator<T>.RowsThatFit(backend, plan, data));
        Evaluation? found = null;
        Sweep.WithinMemory(
            () =>
            {
                // Each sample is read once: nothing is gained by holding the whole set.
                using var samples = new DeviceSamples<T>(backend, data, loss, sweep.ChunkSize, 1, cancellationToken);
                using var evaluator = new Evaluator<T>(backend, plan, buffers.All, loss, sweep.ChunkSize);
                found = evaluator.Run(theta.All, samples, progress, cancellationToken);
            },
            sweep.TakeLess);
        return found!;
    }
}

/// <summary>Evaluates one network again and again, at different θ or on different data, some θ at once.</summary>
internal sealed class Evaluator<T>(
    IBackend backend, NetworkPlan<T> plan, VectorView<T> buffers, Loss loss, int rows, int members = 1) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Passes<T> _passes = new(plan, backend.Ops<T>());
    private readonly LossTally<T> _tally = new(backend, plan, loss, rows);
    private readonly DeviceBuffer<double> _totals = backend.Allocate<double>(2L * members);
    private readonly SignalSet<T> _values = new(backend, plan.Signals.Evaluated, rows, members);

    /// <summary>
    /// Samples that a pass takes at once: a function of the network alone, so that sums are rounded alike whatever memory is free.
    /// </summary>
    public static int RowsAtOnce(IBackend backend, NetworkPlan<T> plan, int samples) =>
        Sweep.Of(backend, plan, samples, new() { MemoryBudget = long.MaxValue }).ChunkSize;

    /// <summary>
    /// The same, or a quarter of it again and again where what a pass holds would take more than a quarter of the memory that is free: a
    /// very deep network may hold many signals at once.
    /// </summary>
    public static unsafe int RowsThatFit(IBackend backend, NetworkPlan<T> plan, Dataset data)
    {
        long perRow = sizeof(T) * (data.Sample.Size + data.TargetWidth + (long)plan.Classes + plan.Signals.Evaluated.Width);
        int rows = RowsAtOnce(backend, plan, data.Count);
        for (long free = backend.AvailableMemory / 4; rows > 1 && rows > free / perRow;)
        {
            rows = Math.Max(1, rows / 4);
        }

        return rows;
    }

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
        _values.Count = (int)thetas.Rows;
        backend.Write<double>(totals, sums);
        new Sweep(rows).Sum(
            data.Count, sums.AsMatrix(1, totals.Length),
            (chunk, sum) => Add(thetas, data.Range(chunk.First, chunk.Count, cancellationToken), sum.Row(0)), progress, cancellationToken);
        backend.Read(sums, totals);
        return [.. Enumerable.Range(0, (int)thetas.Rows).Select(j => ResultOf(totals[2 * j], totals[(2 * j) + 1], data))];
    }

    public void Dispose()
    {
        _values.Dispose();
        _tally.Dispose();
        _totals.Dispose();
    }

    /// <summary>Sums over samples as an evaluation.</summary>
    public static Evaluation ResultOf(double loss, double errors, DeviceSamples<T> data) =>
        new(loss / data.Count, data.Data.Classes > 0 ? errors / data.Count : null, data.Count);

    private void Add(MatrixView<T> thetas, SampleBatch<T> batch, VectorView<double> sums)
    {
        _values.Rows = (int)batch.Inputs.Rows;
        _passes.Forward(new(thetas, batch.Inputs, _values) { Buffers = buffers });
        for (int j = 0; j < thetas.Rows; j++)
        {
            _tally.Add(_values[plan.Steps.Count - 1][j], batch.Targets, sums.Slice(2 * j, 2));
        }
    }
}

/// <summary>Adds up losses and errors of outputs, on the device.</summary>
internal sealed class LossTally<T>(IBackend backend, NetworkPlan<T> plan, Loss loss, int rows) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly LossStage<T> _loss = loss.On(backend.Ops<T>());
    private readonly DeviceBuffer<T> _saved = backend.Allocate<T>((long)rows * plan.Classes);

    /// <summary>sums[0] ← sums[0] + the sum of losses; sums[1] ← sums[1] + the number of errors, where there are labels.</summary>
    public void Add(MatrixView<T> outputs, Targets<T> targets, VectorView<double> sums)
    {
        _loss.Evaluate(outputs, targets, _saved.Matrix(outputs.Rows, outputs.Columns), sums.Slice(0, 1));
        if (targets.Labels is { } labels)
        {
            _ops.CountErrors(outputs, labels, sums.Slice(1, 1));
        }
    }

    public void Dispose() => _saved.Dispose();
}
