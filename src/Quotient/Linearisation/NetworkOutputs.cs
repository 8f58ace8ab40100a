using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>What a network computes of samples: its outputs, before any loss.</summary>
public static class NetworkOutputs
{
    /// <summary>The outputs of a model, sample by sample. Shape: samples × outputs, row by row.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="model">The network and θ, rounded to <typeparamref name="T"/>.</param>
    /// <param name="data">The samples; their labels or targets are not looked at.</param>
    /// <param name="progress">Is told the share of samples that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The samples are not the network's inputs, or the outputs are too many for one array.</exception>
    public static T[] Of<T>(
        Engine engine, Model model, Dataset data, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = engine.Backend.Gate.Enter();
        Compatibility.CheckInputs(model.Network, data);
        var backend = engine.Backend;
        using var plan = NetworkPlan<T>.Compile(model.Network, backend, differentiates: false);
        using var theta = backend.Store<T>(Array.ConvertAll(model.Parameters, T.CreateChecked));
        using var buffers = backend.Store<T>(Array.ConvertAll(model.Buffers, T.CreateChecked));
        var result = HostArray.Zeros<T>((long)data.Count * plan.Classes, () => $"the outputs of {data.Count} samples");
        var sweep = new Sweep(Evaluator<T>.RowsThatFit(backend, plan, data));
        Sweep.WithinMemory(
            () =>
            {
                using var samples = new DeviceSamples<T>(backend, data, Loss.CrossEntropy, sweep.ChunkSize, 1, cancellationToken);
                using var values = new SignalSet<T>(backend, plan.Signals.Evaluated, sweep.ChunkSize, 1);
                var passes = new Passes<T>(plan, backend.Ops<T>());
                sweep.Each(
                    data.Count,
                    chunk =>
                    {
                        var batch = samples.Range(chunk.First, chunk.Count, cancellationToken);
                        values.Rows = chunk.Count;
                        passes.Forward(new(theta.All.AsMatrix(1, theta.Length), batch.Inputs, values) { Buffers = buffers.All });
                        backend.Read(values[plan.Steps.Count - 1][0].AsVector(), result.AsSpan(chunk.First * plan.Classes, chunk.Count * plan.Classes));
                    },
                    progress,
                    cancellationToken);
            },
            sweep.TakeLess);
        return result;
    }

    /// <summary>The first largest of each row: the class that a network says.</summary>
    public static int[] ClassesOf<T>(ReadOnlySpan<T> outputs, int classes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] found = new int[outputs.Length / classes];
        for (int row = 0; row < found.Length; row++)
        {
            for (int c = 1; c < classes; c++)
            {
                found[row] = outputs[(row * classes) + c] > outputs[(row * classes) + found[row]] ? c : found[row];
            }
        }

        return found;
    }
}
