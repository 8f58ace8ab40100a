using System.Numerics;

namespace Quotient.Linearisation;

/// <summary>The work space of products.</summary>
internal sealed partial class CurvatureProducts<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private SignalSet<T>? _tangents, _adjoints;

    public void Dispose()
    {
        DropRecordings();
        _tangents?.Dispose();
        _adjoints?.Dispose();
    }

    private SignalSet<T> Tangents(int count, int rows) => Signals(ref _tangents, count, rows);

    private SignalSet<T> Adjoints(int count, int rows) => Signals(ref _adjoints, count, rows);

    /// <summary>Work space for k signals of so many rows, kept and grown as needed.</summary>
    private SignalSet<T> Signals(ref SignalSet<T>? kept, int count, int rows)
    {
        if (kept is null || kept.MaxCount < count)
        {
            DropRecordings();
            kept?.Dispose();
            kept = null;
            kept = new(Backend, _plan.Widths, linearisation.ChunkSize, count);
        }

        (kept.Count, kept.Rows) = (count, rows);
        return kept;
    }

    /// <summary>Cuts a block of k vectors into blocks that fit, and gives their first vector and their number.</summary>
    private void InBlocks(long count, Action<int, int> action)
    {
        int most = AtOnce(count);
        for (int first = 0; first < count; first += most)
        {
            linearisation.ThrowIfCancelled();
            action(first, (int)Math.Min(most, count - first));
        }
    }

    /// <summary>Of so many vectors as many as leave their work space within an eighth of the free memory.</summary>
    private unsafe int AtOnce(long count)
    {
        if (count <= 1)
        {
            return 1;
        }

        long perVector = 2L * sizeof(T) * linearisation.ChunkSize * _plan.Widths.Sum();
        return (int)Math.Clamp(Backend.AvailableMemory / 8 / perVector, 1, count);
    }
}
