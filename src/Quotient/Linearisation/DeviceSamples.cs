using System.Numerics;
using Quotient.Backends;
using Quotient.Data;

namespace Quotient.Linearisation;

/// <summary>
/// A data set as passes read it: whole on the device where it fits, else brought from the host part by part. The numbers are
/// the same either way.
/// </summary>
internal sealed class DeviceSamples<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops;
    private readonly SampleBuffers<T>? _whole;
    private readonly SampleBuffers<T> _part;

    /// <summary>Brings the data set to the device if its bytes are within the budget.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="data">The data set.</param>
    /// <param name="loss">Which decides whether targets are needed.</param>
    /// <param name="rows">The most samples that are asked for at once, of which some may be the same.</param>
    /// <param name="budget">Bytes that the whole set may take; 0 for half of what the device has free.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public DeviceSamples(IBackend backend, Dataset data, Loss loss, int rows, long budget, CancellationToken cancellationToken = default)
    {
        (_ops, Data) = (backend.Ops<T>(), data);
        long bytes = budget > 0 ? budget : backend.AvailableMemory / 2;
        IsResident = SampleBuffers<T>.BytesPerSample(data, loss) <= bytes / data.Count;
        _part = new(backend, data, loss, rows);
        if (IsResident)
        {
            _whole = new(backend, data, loss, data.Count);
            _whole.Load(0, data.Count, cancellationToken);
        }
    }

    /// <summary>The data set.</summary>
    public Dataset Data { get; }

    /// <summary>The number of samples.</summary>
    public int Count => Data.Count;

    /// <summary>Whether the whole set is on the device.</summary>
    public bool IsResident { get; }

    /// <summary>Samples first … first + count − 1; valid until the next are asked for.</summary>
    public SampleBatch<T> Range(int first, int count, CancellationToken cancellationToken = default)
    {
        if (_whole is not null)
        {
            return _whole.Range(first, count);
        }

        _part.Load(first, count, cancellationToken);
        return _part.Range(0, count);
    }

    /// <summary>The samples at places first … first + count − 1 of an order; valid until the next are asked for.</summary>
    /// <param name="order">The order on the host.</param>
    /// <param name="onDevice">The same order on the device; read where the set is resident.</param>
    /// <param name="first">The first place.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public SampleBatch<T> Gather(
        int[] order, VectorView<int> onDevice, int first, int count, CancellationToken cancellationToken = default)
    {
        if (_whole is not null)
        {
            _part.Gather(_ops, _whole.Range(0, Count), onDevice.Slice(first, count));
        }
        else
        {
            _part.Load(order, first, count, cancellationToken);
        }

        return _part.Range(0, count);
    }

    public void Dispose()
    {
        _whole?.Dispose();
        _part.Dispose();
    }
}
