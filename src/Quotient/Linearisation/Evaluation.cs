using System.Numerics;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Networks;

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
    /// <param name="cancellation">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public static Evaluation Run<T>(
        Engine engine, Model model, Dataset data, Loss loss = Quotient.Loss.CrossEntropy, CancellationToken cancellation = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Compatibility.Check(model.Network, data, loss);
        var backend = engine.Backend;
        using var plan = NetworkPlan<T>.Compile(model.Network, backend);
        int rows = Evaluator<T>.RowsAtOnce(backend, plan, data.Count);
        // Each sample is read once: nothing is gained by holding the whole set.
        using var samples = new DeviceSamples<T>(backend, data, loss, rows, 1, cancellation);
        using var evaluator = new Evaluator<T>(backend, plan, loss, rows);
        using var theta = backend.Allocate<T>(model.Network.ParameterCount);
        backend.Write<T>(Array.ConvertAll(model.Parameters, T.CreateChecked), theta.All);
        return evaluator.Run(theta.All, samples, cancellation);
    }
}

/// <summary>Evaluates one network again and again, at different θ or on different data.</summary>
internal sealed class Evaluator<T>(IBackend backend, NetworkPlan<T> plan, Loss loss, int rows) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly Passes<T> _passes = new(plan, backend.Ops<T>());
    private readonly LossStage<T> _loss = LossStage<T>.Of(loss, backend.Ops<T>());
    private readonly SignalSet<T> _values = new(backend, plan.Widths, rows, 1);
    private readonly DeviceBuffer<T> _saved = backend.Allocate<T>((long)rows * plan.Classes);
    private readonly DeviceBuffer<double> _totals = backend.Allocate<double>(2);

    /// <summary>
    /// Samples that a pass takes at once: a function of the network alone, so that sums are rounded alike whatever memory is free.
    /// </summary>
    public static int RowsAtOnce(IBackend backend, NetworkPlan<T> plan, int samples) =>
        Chunks.Choose(backend, plan, samples, new() { MemoryBudget = long.MaxValue }).Size;

    /// <summary>Loss and error at θ. Waits for the device once, at the end.</summary>
    public Evaluation Run(VectorView<T> theta, DeviceSamples<T> data, CancellationToken cancellation)
    {
        backend.Write<double>([0, 0], _totals.All);
        for (int first = 0; first < data.Count; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(theta.AsMatrix(1, theta.Length), data.Range(first, Math.Min(rows, data.Count - first)));
        }

        Span<double> totals = stackalloc double[2];
        backend.Read(_totals.All, totals);
        return new(totals[0] / data.Count, data.Data.Classes > 0 ? totals[1] / data.Count : null, data.Count);
    }

    public void Dispose()
    {
        _values.Dispose();
        _saved.Dispose();
        _totals.Dispose();
    }

    private void Add(MatrixView<T> theta, SampleBatch<T> batch)
    {
        _values.Rows = (int)batch.Inputs.Rows;
        _passes.Forward(theta, batch.Inputs, _values);
        var outputs = _values[plan.Steps.Count - 1].First;
        _loss.Evaluate(outputs, batch.Targets, _saved.Matrix(outputs.Rows, outputs.Columns), _totals.Slice(0, 1));
        if (batch.Targets.Labels is { } labels)
        {
            _ops.CountErrors(outputs, labels, _totals.Slice(1, 1));
        }
    }
}
