using System.Numerics;
using Quotient.Backends;
using Quotient.Data;

namespace Quotient.Linearisation;

/// <summary>Samples on the device: inputs, one row a sample, and what the outputs are compared with.</summary>
internal readonly record struct SampleBatch<T>(MatrixView<T> Inputs, Targets<T> Targets) where T : unmanaged;

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
    private int[] _labelPiece = [];

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

    /// <summary>Places 0 … count − 1 ← samples first … first + count − 1 of the data set.</summary>
    public void Load(int first, int count, CancellationToken cancellationToken)
    {
        Copy(Range(0, count).Inputs, (from, rows, piece) => _data.CopyInputs(first + from, rows, piece), cancellationToken);
        if (_hasLabels)
        {
            _backend.Write(_data.Labels.Slice(first, count), _labels.Slice(0, count));
        }

        if (_hasTargets)
        {
            Copy(Range(0, count).Targets.Values!.Value, (from, rows, piece) => _data.CopyTargets(first + from, rows, piece), cancellationToken);
        }
    }

    /// <summary>Places 0, 1, … ← the samples of the data set at the indices, by way of the host.</summary>
    public void Load(int[] order, int first, int count, CancellationToken cancellationToken)
    {
        Copy(
            Range(0, count).Inputs,
            Each(_data.Sample.Size, (place, row) => _data.CopyInputs(order[first + place], 1, row)),
            cancellationToken);
        if (_hasLabels)
        {
            Array.Resize(ref _labelPiece, Math.Max(count, _labelPiece.Length));
            for (int i = 0; i < count; i++)
            {
                _labelPiece[i] = _data.Labels[order[first + i]];
            }

            _backend.Write<int>(_labelPiece.AsSpan(0, count), _labels.Slice(0, count));
        }

        if (_hasTargets)
        {
            Copy(
                Range(0, count).Targets.Values!.Value,
                Each(_data.TargetWidth, (place, row) => _data.CopyTargets(order[first + place], 1, row)),
                cancellationToken);
        }
    }

    /// <summary>Places 0, 1, … ← the places of other buffers at the indices, on the device.</summary>
    public void Gather(IOps<T> ops, SampleBatch<T> all, VectorView<int> indices)
    {
        var target = Range(0, (int)indices.Length);
        ops.GatherRows(all.Inputs, indices, target.Inputs);
        if (_hasLabels)
        {
            ops.GatherLabels(all.Targets.Labels!.Value, indices, target.Targets.Labels!.Value);
        }

        if (_hasTargets)
        {
            ops.GatherRows(all.Targets.Values!.Value, indices, target.Targets.Values!.Value);
        }
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _labels.Dispose();
        _targets.Dispose();
    }

    private static MatrixView<T> Rows(DeviceBuffer<T> buffer, int width, int first, int count) =>
        buffer.Slice((long)first * width, (long)count * width).AsMatrix(count, width);

    private static CopyRows Each(int width, CopyRow copy) => (from, rows, piece) =>
    {
        for (int i = 0; i < rows; i++)
        {
            copy(from + i, piece.Slice(i * width, width));
        }
    };

    /// <summary>Fills rows on the device, a piece at a time.</summary>
    private void Copy(MatrixView<T> target, CopyRows copy, CancellationToken cancellationToken)
    {
        int count = (int)target.Rows, width = (int)target.Columns;
        int atOnce = Math.Clamp(PieceLength / width, 1, count);
        if (_piece.Length < atOnce * width)
        {
            _piece = new T[atOnce * width];
        }

        for (int from = 0; from < count; from += atOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int rows = Math.Min(atOnce, count - from);
            var piece = _piece.AsSpan(0, rows * width);
            copy(from, rows, piece);
            _backend.Write<T>(piece, target.RowRange(from, rows).AsVector());
        }
    }

    private delegate void CopyRows(int from, int rows, Span<T> piece);

    private delegate void CopyRow(int place, Span<T> row);
}
