using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Samples on the device: inputs, one row a sample, and what the outputs are compared with.</summary>
internal readonly record struct SampleBatch<T>(MatrixView<T> Inputs, Targets<T> Targets) where T : unmanaged;

/// <summary>
/// A data set as passes read it: whole on the device where it fits, else brought from the host part by part. The numbers are
/// the same either way.
/// </summary>
internal sealed class DeviceSamples<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly SampleBuffers<T>? _whole;
    private readonly SampleBuffers<T> _part;

    /// <summary>
    /// Brings the data set to the device if its bytes are within the budget, 0 for half of what is free. At most so many rows are asked for
    /// at once, of which some may be the same.
    /// </summary>
    public DeviceSamples(IBackend backend, Dataset data, Loss loss, int rows, long budget, CancellationToken cancellationToken = default)
    {
        Data = data;
        long bytes = budget > 0 ? budget : backend.AvailableMemory / 2;
        _part = new(backend, data, loss, rows);
        if (SampleBuffers<T>.BytesPerSample(data, loss) <= bytes / data.Count)
        {
            _whole = new(backend, data, loss, data.Count);
            _whole.Load(0, data.Count, null, cancellationToken);
        }
    }

    /// <summary>The data set.</summary>
    public Dataset Data { get; }

    /// <summary>The number of samples.</summary>
    public int Count => Data.Count;

    /// <summary>Samples first … first + count − 1; valid until the next are asked for.</summary>
    public SampleBatch<T> Range(int first, int count, CancellationToken cancellationToken = default) =>
        _whole is not null ? _whole.Range(first, count) : _part.Load(first, count, null, cancellationToken);

    /// <summary>
    /// The samples at places first … first + count − 1 of an order, which is given on the host and on the device; valid until the next are
    /// asked for.
    /// </summary>
    public SampleBatch<T> Gather(
        int[] order, VectorView<int> onDevice, int first, int count, CancellationToken cancellationToken = default) => _whole is not null
            ? _part.Gather(_whole.Range(0, Count), onDevice.Slice(first, count))
            : _part.Load(first, count, order, cancellationToken);

    public void Dispose()
    {
        _whole?.Dispose();
        _part.Dispose();
    }
}

/// <summary>Room on the device for so many samples of a data set, in precision <typeparamref name="T"/>.</summary>
internal sealed class SampleBuffers<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Values that pass through the host's own copy at once; a row may be longer.</summary>
    private const int PieceLength = 1 << 18;

    private readonly IBackend _backend;
    private readonly Dataset _data;
    private readonly DeviceBuffer<T> _inputs, _targets;
    private readonly DeviceBuffer<int> _labels;
    private readonly bool _hasLabels, _hasTargets;
    private T[] _piece = [];

    public SampleBuffers(IBackend backend, Dataset data, Loss loss, int capacity)
    {
        (_backend, _data) = (backend, data);
        _hasLabels = data.Classes > 0;
        _hasTargets = loss.ReadsTargets;
        _inputs = backend.Allocate<T>((long)capacity * data.Sample.Size);
        _labels = backend.Allocate<int>(_hasLabels ? capacity : 0);
        _targets = backend.Allocate<T>(_hasTargets ? (long)capacity * data.TargetWidth : 0);
    }

    /// <summary>Bytes that one sample takes.</summary>
    public static unsafe long BytesPerSample(Dataset data, Loss loss) =>
        (sizeof(T) * ((long)data.Sample.Size + (loss.ReadsTargets ? data.TargetWidth : 0))) + sizeof(int);

    /// <summary>The samples in places first … first + count − 1.</summary>
    public SampleBatch<T> Range(int first, int count) => new(
        Rows(_inputs, _data.Sample.Size, first, count),
        new(_hasLabels ? _labels.Slice(first, count) : null, _hasTargets ? Rows(_targets, _data.TargetWidth, first, count) : null));

    /// <summary>Places 0 … count − 1 ← so many samples from the first on, of the data set or of an order of it.</summary>
    public SampleBatch<T> Load(int first, int count, int[]? order, CancellationToken cancellationToken)
    {
        var places = Range(0, count);
        Copy(_data.CopyInputs, places.Inputs);
        if (places.Targets.Labels is { } labels)
        {
            _backend.Write(order is null ? _data.Labels.Slice(first, count) : Array.ConvertAll(order[first..(first + count)], LabelOf), labels);
        }

        if (places.Targets.Values is { } targets)
        {
            Copy(_data.CopyTargets, targets);
        }

        return places;

        // By way of the host's own copy, a piece at a time.
        void Copy(CopyRows copy, MatrixView<T> target)
        {
            int width = (int)target.Columns, atOnce = Math.Clamp(PieceLength / width, 1, count);
            if (_piece.Length < atOnce * width)
            {
                _piece = new T[atOnce * width];
            }

            for (int from = 0; from < count; from += atOnce)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int rows = Math.Min(atOnce, count - from);
                var piece = _piece.AsSpan(0, rows * width);
                int run = order is null ? rows : 1;
                for (int i = 0, place = first + from; i < rows; i += run, place += run)
                {
                    copy(order is null ? place : order[place], run, piece.Slice(i * width, run * width));
                }

                _backend.Write<T>(piece, target.RowRange(from, rows).AsVector());
            }
        }
    }

    /// <summary>Places 0, 1, … ← other samples on the device, at the indices.</summary>
    public SampleBatch<T> Gather(SampleBatch<T> all, VectorView<int> indices)
    {
        var (ops, target) = (_backend.Ops<T>(), Range(0, (int)indices.Length));
        ops.GatherRows(all.Inputs, indices, target.Inputs);
        if (_hasLabels)
        {
            ops.GatherLabels(all.Targets.Labels!.Value, indices, target.Targets.Labels!.Value);
        }

        if (_hasTargets)
        {
            ops.GatherRows(all.Targets.Values!.Value, indices, target.Targets.Values!.Value);
        }

        return target;
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _labels.Dispose();
        _targets.Dispose();
    }

    private static MatrixView<T> Rows(DeviceBuffer<T> buffer, int width, int first, int count) =>
        buffer.Slice((long)first * width, (long)count * width).AsMatrix(count, width);

    private int LabelOf(int sample) => _data.Labels[sample];

    private delegate void CopyRows(int first, int count, Span<T> rows);
}
