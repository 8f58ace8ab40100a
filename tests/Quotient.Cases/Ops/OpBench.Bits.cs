using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>Matrices of signs, and numbers whose signs are easily mistaken.</summary>
public sealed partial class OpBench<T>
{
    /// <summary>What lies around signs: noise, which no result may catch.</summary>
    private const ulong Noise = 0xA5C396F00F69D37B;

    /// <summary>Random signs.</summary>
    public BitMatrix Signs(long rows, long columns) =>
        Bits(rows, columns, () => ((ulong)_random.Next() << 40) ^ ((ulong)_random.Next() << 20) ^ (ulong)_random.Next());

    /// <summary>Words of noise that the operation must overwrite, the bits beyond the columns by 0.</summary>
    public BitMatrix SignsOutput(long rows, long columns)
    {
        var bits = Bits(rows, columns, null);
        _outputs.Add(() =>
        {
            var words = new ulong[bits.Buffer.Length];
            backend.Read(bits.Buffer.All, words);
            var values = new double[rows * bits.Words * BitMatrix.WordBits];
            string? overrun = null;
            for (long at = 0; at < words.Length; at++)
            {
                long place = at - bits.Offset, row = place / bits.Stride, word = place % bits.Stride;
                bool inside = place >= 0 && row < rows && word < bits.Words;
                for (int bit = 0; inside && bit < BitMatrix.WordBits; bit++)
                {
                    values[(((row * bits.Words) + word) * BitMatrix.WordBits) + bit] = (words[at] >> bit) & 1;
                }

                if (!inside && words[at] != Noise)
                {
                    overrun ??= $"word {place} of {rows} rows of {columns} signs with stride {bits.Stride} was written";
                }
            }

            return new(values, 0, overrun) { IsExact = true };
        });
        return bits;
    }

    /// <summary>Numbers around a threshold: on it, next to it, of either zero, infinite, or none at all.</summary>
    public MatrixView<T> Around(double threshold, long rows, long columns)
    {
        T at = T.CreateChecked(threshold);
        double[] odd =
        [
            threshold, double.CreateChecked(T.BitIncrement(at)), double.CreateChecked(T.BitDecrement(at)), 0, -0.0, double.NaN,
            double.PositiveInfinity, double.NegativeInfinity,
        ];
        return Matrix(rows, columns, () => _random.Next(2) == 0 ? odd[_random.Next(odd.Length)] : threshold + Normal(), true);
    }

    private BitMatrix Bits(long rows, long columns, Func<ulong>? next)
    {
        long words = BitMatrix.WordsFor(columns);
        int gap = _random.Next(2) * _random.Next(1, 5), start = _random.Next(1, 9);
        long stride = words + (ragged ? gap : 0), offset = ragged ? start : 0;
        var buffer = backend.Allocate<ulong>(offset + (rows * stride) + 9);
        _buffers.Add(buffer);
        var values = new ulong[buffer.Length];
        Array.Fill(values, Noise);
        for (long row = 0; next != null && row < rows; row++)
        {
            for (long word = 0; word < words; word++)
            {
                int beyond = (int)Math.Max(0, ((word + 1) * BitMatrix.WordBits) - columns);
                values[offset + (row * stride) + word] = next() << beyond >> beyond;
            }
        }

        backend.Write<ulong>(values, buffer.All);
        return new(buffer, offset, rows, columns, stride);
    }
}
