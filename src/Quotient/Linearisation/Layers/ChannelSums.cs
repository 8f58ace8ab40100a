using Quotient.Backends;

namespace Quotient.Linearisation.Layers;

/// <summary>The sums over an image's places of each channel, sample by sample: the gradients of single samples by a bias.</summary>
internal sealed class ChannelSums<T>(IBackend backend, int channels, long places) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly Rooms<T> _rooms = new(backend);

    /// <summary>The whole image is one window, of which only the number of places counts.</summary>
    private readonly Patches _whole = new(channels, 1, (int)places, 1, 1, 1, (int)places, 1, 1, 0, 0, 0, 0);

    /// <summary>N × channels; valid until the next are asked for.</summary>
    public MatrixView<T> Of(MatrixView<T> images)
    {
        var sums = _rooms.Take(0, 1, images.Rows, channels).First;
        _ops.AveragePool(_whole, false, images, sums);
        _ops.Scale(places, sums.AsVector());
        return sums;
    }

    /// <summary>out ← β·out + the squares of all samples' sums, added up.</summary>
    public void AddSquares(MatrixBatch<T> images, double beta, VectorView<T> result)
    {
        for (int j = 0; j < images.Count; j++)
        {
            var sums = Of(images[j]);
            var all = sums.AsVector();
            _ops.Times(1, all, all, all);
            _ops.SumRows(sums, j == 0 ? beta : 1, result);
        }
    }

    public void Dispose() => _rooms.Dispose();
}
