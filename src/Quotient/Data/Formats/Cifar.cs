namespace Quotient.Data.Formats;

/// <summary>
/// The binary form of CIFAR-10 (Krizhevsky 2009): records of a label byte and 3 × 32 × 32 bytes, channel by channel, row by row.
/// </summary>
internal static class Cifar
{
    private const int Pixels = 3 * 32 * 32, Record = 1 + Pixels;

    /// <summary>The records of all files, in order, the pixels divided by 255.</summary>
    public static Dataset Read(string name, IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        int count = files.Sum(file => Records(file.Name, file.Bytes));
        int[] labels = new int[count];
        byte[] pixels = HostArray.New<byte>((long)count * Pixels, () => name);
        int sample = 0;
        foreach (var (fileName, bytes) in files)
        {
            for (int i = 0; i < bytes.Length / Record; i++, sample++)
            {
                var record = bytes.AsSpan(i * Record, Record);
                labels[sample] = record[0] <= 9
                    ? record[0]
                    : throw new QuotientException($"{fileName}: the label of sample {i} is {record[0]}, expected 0 to 9");
                record[1..].CopyTo(pixels.AsSpan(sample * Pixels));
            }
        }

        return Dataset.Classification(name, new(3, 32, 32), SampleStore.Bytes(pixels, Pixels, 255), labels, 10);
    }

    private static int Records(string name, byte[] bytes) => bytes.Length > 0 && bytes.Length % Record == 0
        ? bytes.Length / Record
        : throw new QuotientException($"{name}: has {bytes.Length} bytes, expected a positive multiple of {Record}, the size of a record");
}
