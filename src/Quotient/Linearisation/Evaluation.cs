using System.Numerics;
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
    /// <param name="progress">Is told the share of samples that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public static Evaluation Run<T>(
        Engine engine, Model model, Dataset data, Loss? loss = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        loss ??= Quotient.Loss.CrossEntropy;
        Compatibility.Check(model.Network, data, loss);
        var backend = engine.Backend;
        using var plan = NetworkPlan<T>.Compile(model.Network, backend);
        int rows = Evaluator<T>.RowsAtOnce(backend, plan, data.Count);
        // Each sample is read once: nothing is gained by holding the whole set.
        using var samples = new DeviceSamples<T>(backend, data, loss, rows, 1, cancellationToken);
        using var evaluator = new Evaluator<T>(backend, plan, loss, rows);
        using var theta = backend.Allocate<T>(model.Network.ParameterCount);
        backend.Write<T>(Array.ConvertAll(model.Parameters, T.CreateChecked), theta.All);
        return evaluator.Run(theta.All, samples, progress, cancellationToken);
    }
}
