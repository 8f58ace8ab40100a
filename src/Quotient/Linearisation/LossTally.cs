using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

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
