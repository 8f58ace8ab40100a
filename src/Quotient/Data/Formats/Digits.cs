namespace Quotient.Data.Formats;

/// <summary>
/// UCI's Optical Recognition of Handwritten Digits (Alpaydin, Kaynak 1998): lines of 64 counts of pixels, 0 to 16, and a class.
/// </summary>
internal static class Digits
{
    private const int Pixels = 64, Most = 16;

    /// <summary>8 × 8 images, the counts divided by 16.</summary>
    public static Dataset Read(string name, string fileName, byte[] file)
    {
        using var stream = new MemoryStream(file);
        var table = Csv.Parse(fileName, stream);
        QuotientException.ThrowIf(
            table.Columns != Pixels + 1, $"{fileName}: has {table.Columns} columns, expected 64 counts and a class");

        byte[] pixels = new byte[table.Rows * Pixels];
        int[] labels = new int[table.Rows];
        for (int row = 0; row < table.Rows; row++)
        {
            for (int column = 0; column < Pixels; column++)
            {
                pixels[(row * Pixels) + column] = Whole(fileName, table, row, column, Most);
            }

            labels[row] = Whole(fileName, table, row, Pixels, 9);
        }

        return Dataset.Classification(name, new(1, 8, 8), SampleStore.Bytes(pixels, Pixels, Most), labels, 10);
    }

    private static byte Whole(string name, Table table, int row, int column, int most)
    {
        double value = table[row, column];
        return value >= 0 && value <= most && value == Math.Floor(value)
            ? (byte)value
            : throw new QuotientException(
                $"{name}: line {table.Lines[row]}, column {column + 1} is {value}, expected a whole number from 0 to {most}");
    }
}
