using Quotient.Backends;
using Quotient.Measures;
using Quotient.Spectra;

namespace Quotient.Symmetry;

/// <summary>Evaluates a network with normal noise on its parameters, several draws and levels at once. Noise is made on the device.</summary>
internal sealed class NoiseEvaluator<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops;
    private readonly NetworkAtThetas<T> _at;
    private readonly DeviceBuffer<T> _amplitudes, _noise;

    public NoiseEvaluator(IBackend backend, NoiseScale scale, Dataset data, Loss loss, CancellationToken cancellationToken)
    {
        _ops = backend.Ops<T>();
        _amplitudes = backend.Store<T>(Array.ConvertAll(scale.Amplitudes, T.CreateChecked));
        _noise = backend.Allocate<T>(scale.Amplitudes.Length);
        _at = new(backend, scale.Model, scale.Model.Parameters, data, loss, cancellationToken: cancellationToken);
    }

    public EnergyCurve Run(LocalEnergyOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int drawn = -1;
        var (start, changes) = _at.Energies(
            options.Levels.Count, options.Draws,
            (level, draw, row) =>
            {
                if (drawn != draw)
                {
                    Draw(options.Seed, RandomStreams.Noise + (ulong)draw);
                    drawn = draw;
                }

                _ops.Axpy(options.Levels[level], _noise.All, _at.Origin, row);
            },
            progress,
            cancellationToken);
        return new(start, [.. changes.Select((change, level) => new EnergyPoint(options.Levels[level], change.Error, change.Loss))]);
    }

    public void Dispose()
    {
        _at.Dispose();
        _amplitudes.Dispose();
        _noise.Dispose();
    }

    /// <summary>noise ← z ∘ a.</summary>
    private void Draw(ulong seed, ulong stream)
    {
        _ops.Normal(seed, stream, _noise.All);
        _ops.Times(1, _amplitudes.All, _noise.All, _noise.All);
    }
}
