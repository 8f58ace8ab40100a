using Quotient.Backends;
using Quotient.Data;

namespace Quotient.Training.Starts;

/// <summary>
/// Copies of another set's samples with values zeroed at random, computed when they are read: row c·N + n is copy c of sample n.
/// </summary>
internal sealed class CorruptedSamples : SampleStore
{
    // "ZERO" and "LABL".
    private const ulong ZeroStream = 0x5A45524F_00000000, LabelStream = 0x4C41424C_00000000;
    private const int WordsOfBlock = 4;

    private readonly Dataset _data;
    private readonly double _zeroed;
    private readonly ulong _seed;
    private readonly int _first;

    private CorruptedSamples(Dataset data, double zeroed, ulong seed, int first, int count) : base(count, data.Sample.Size) =>
        (_data, _zeroed, _seed, _first) = (data, zeroed, seed, first);

    /// <summary>The copies with labels drawn from all classes alike.</summary>
    /// <exception cref="QuotientException">There are no classes, or too many copies.</exception>
    public static Dataset Of(Dataset data, int copies, double zeroed, ulong seed)
    {
        QuotientException.ThrowIf(
            data.Classes == 0, $"{data.Name} has real targets, but an adversarial start draws labels at random: it needs classes");

        long count = (long)copies * data.Count;
        QuotientException.ThrowIf(
            count > Array.MaxLength, $"{copies} copies of the {data.Count} samples of {data.Name} are more than {Array.MaxLength} samples");

        int[] labels = [.. Enumerable.Range(0, (int)count).Select(row => Label(seed, row, data.Classes))];
        var inputs = new CorruptedSamples(data, zeroed, seed, 0, (int)count);
        string times = copies == 1 ? "once" : FormattableString.Invariant($"{copies} times");
        return Dataset.Classification($"{data.Name}, corrupted {times}", data.Sample, inputs, labels, data.Classes);
    }

    public override SampleStore Slice(int first, int count) => new CorruptedSamples(_data, _zeroed, _seed, _first + first, count);

    public override void CopyTo<T>(Span<T> destination)
    {
        for (int i = 0; i < Count; i++)
        {
            int row = _first + i;
            var values = destination.Slice(i * Width, Width);
            _data.CopyInputs(row % _data.Count, 1, values);
            Zero(values, row);
        }
    }

    /// <summary>Below the number of classes: the upper half of their product with a random word.</summary>
    private static int Label(ulong seed, int row, int classes) =>
        (int)(((ulong)Philox.Block(seed, LabelStream, (ulong)row).X * (ulong)classes) >> 32);

    /// <summary>Word j mod 4 of block ⌊j/4⌋ of the row's stream decides on value j.</summary>
    private void Zero<T>(Span<T> values, int row) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double limit = _zeroed * (1L << 32);
        Span<uint> words = stackalloc uint[WordsOfBlock];
        for (int j = 0; j < values.Length; j++)
        {
            if (j % WordsOfBlock == 0)
            {
                (words[0], words[1], words[2], words[3]) = Philox.Block(_seed, ZeroStream + (ulong)row, (ulong)(j / WordsOfBlock));
            }

            if (words[j % WordsOfBlock] < limit)
            {
                values[j] = T.Zero;
            }
        }
    }
}
