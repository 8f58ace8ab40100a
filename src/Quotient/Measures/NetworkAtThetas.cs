using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Measures;

/// <summary>How error and loss change on average.</summary>
/// <param name="Error">Change of the error; null where the data has no classes.</param>
/// <param name="Loss">Change of the mean loss.</param>
internal readonly record struct EnergyChange(EnergyEstimate? Error, EnergyEstimate Loss);

/// <summary>Makes a θ in place of what stands in the row, at a level, from a draw.</summary>
internal delegate void Perturbation<T>(int level, int draw, VectorView<T> row) where T : unmanaged;

/// <summary>One network and its samples on a device, with room for several θ that are evaluated at once.</summary>
internal sealed class NetworkAtThetas<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>θ that are evaluated at once at most, where nothing else bounds them: enough to fill a device, few enough to stop between.</summary>
    private const int MostMembers = 64;

    private readonly IBackend _backend;
    private readonly DeviceBuffer<T> _origin, _thetas, _buffers;
    private readonly Loss _loss;

    /// <summary>Of a network at any θ, the origin that others are compared with.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="model">The network and what it has beside θ.</param>
    /// <param name="origin">θ.</param>
    /// <param name="data">The samples.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="most">The most θ at once; 0 for as many as suit the device's caches.</param>
    /// <param name="cancellationToken">Stops it while samples are brought to the device.</param>
    public NetworkAtThetas(
        IBackend backend, Model model, double[] origin, Dataset data, Loss loss, int most = 0, CancellationToken cancellationToken = default)
    {
        (_backend, _loss) = (backend, loss);
        Plan = NetworkPlan<T>.Compile(model.Network, backend, differentiates: false);
        Rows = Evaluator<T>.RowsThatFit(backend, Plan, data);
        _origin = backend.Store<T>(Array.ConvertAll(origin, T.CreateChecked));
        Data = new(backend, data, loss, Rows, 0, cancellationToken);
        Members = Math.Min(MembersThatFit(), most > 0 ? most : MembersThatSuit());
        _thetas = backend.Allocate<T>((long)Members * _origin.Length);
        _buffers = backend.Store<T>(Array.ConvertAll(model.Buffers, T.CreateChecked));
    }

    public NetworkPlan<T> Plan { get; }

    /// <summary>The samples.</summary>
    public DeviceSamples<T> Data { get; }

    /// <summary>What the network has beside θ.</summary>
    public VectorView<T> Buffers => _buffers.All;

    /// <summary>The origin θ.</summary>
    public VectorView<T> Origin => _origin.All;

    /// <summary>Samples that a pass takes at once.</summary>
    public int Rows { get; }

    /// <summary>θ that are evaluated at once.</summary>
    public int Members { get; }

    /// <summary>Places for some θ.</summary>
    public MatrixView<T> Thetas(int count) => _thetas.Matrix(count, _origin.Length);

    /// <summary>
    /// E at the origin, and for each level the mean change over draws. Perturbations are asked for draw by draw, each draw's levels in order, and
    /// the device is waited for once for as many θ as it takes at once.
    /// </summary>
    public (Evaluation Base, IReadOnlyList<EnergyChange> Changes) Energies(
        int levels, int draws, Perturbation<T> perturb, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var evaluator = new Evaluator<T>(_backend, Plan, Buffers, _loss, Rows, Members);
        var start = evaluator.Run(Origin, Data, null, cancellationToken);
        var found = new Evaluation[levels, draws];
        long all = (long)levels * draws;

        // Whole draws where they fit, so that none is left half done while the device is waited for.
        int atOnce = Members >= levels ? Members / levels * levels : Members;
        for (long first = 0; first < all; first += atOnce)
        {
            int count = (int)Math.Min(atOnce, all - first);
            for (int j = 0; j < count; j++)
            {
                perturb((int)((first + j) % levels), (int)((first + j) / levels), Thetas(count).Row(j));
            }

            long before = first;
            var share = progress is null ? null : new Relay<double>(done => progress.Report((before + (done * count)) / all));
            foreach (var (j, one) in evaluator.Run(Thetas(count), Data, share, cancellationToken).Index())
            {
                found[(first + j) % levels, (first + j) / levels] = one;
            }
        }

        return (start, [.. Enumerable.Range(0, levels).Select(level => ChangeOf([.. Enumerable.Range(0, draws).Select(draw => found[level, draw])], start))]);
    }

    public void Dispose()
    {
        Plan.Dispose();
        Data.Dispose();
        _origin.Dispose();
        _thetas.Dispose();
        _buffers.Dispose();
    }

    private static EnergyChange ChangeOf(IReadOnlyList<Evaluation> found, Evaluation start) => new(
        start.Error is { } error ? Estimate(found.Select(one => one.Error!.Value - error)) : null, Estimate(found.Select(one => one.Loss - start.Loss)));

    private static EnergyEstimate Estimate(IEnumerable<double> changes)
    {
        var (mean, error) = Spectra.SampleMean.Of([.. changes]);
        return new(mean, error);
    }

    /// <summary>As many as an eighth of the free memory holds, with their signals.</summary>
    private unsafe int MembersThatFit()
    {
        long bytes = sizeof(T) * (_origin.Length + ((long)Rows * Plan.Signals.Evaluated.Width));
        return (int)Math.Clamp(_backend.AvailableMemory / 8 / bytes, 1, MostMembers);
    }

    /// <summary>As many as have their signals in the caches together: one fills the device where it takes so many samples that its own do.</summary>
    private unsafe int MembersThatSuit() =>
        (int)Math.Clamp(_backend.SuitableSignalBytes / ((long)sizeof(T) * Plan.Widest * Rows), 1, MostMembers);
}
