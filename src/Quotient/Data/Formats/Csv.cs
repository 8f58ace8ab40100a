using System.Text;

namespace Quotient.Data.Formats;

/// <summary>
/// Lines of numbers separated by commas, with or without a line of column names. The last column is the class where all of it is
/// whole numbers, else the real target.
/// </summary>
internal static class Csv
{
    public static Dataset Read(string path, string name)
    {
        var table = Parse(path, InputFile.ReadAll(path));
        QuotientException.ThrowIf(
            table.Columns < 2, $"{path}: has one column, expected at least one of inputs and a last one of classes or targets");

        int width = table.Columns - 1;
        double[] inputs = new double[(long)table.Rows * width];
        double[] last = new double[table.Rows];
        for (int row = 0; row < table.Rows; row++)
        {
            for (int column = 0; column < width; column++)
            {
                inputs[(row * width) + column] = table[row, column];
            }

            last[row] = table[row, width];
        }

        var store = SampleStore.Doubles(inputs, width);
        if (!last.All(double.IsInteger))
        {
            return Dataset.Regression(name, new(width), store, SampleStore.Doubles(last, 1));
        }

        var (labels, classes) = Labels.From(last, row => $"{path}: the class in line {table.Lines[row]}");
        return Dataset.Classification(name, new(width), store, labels, classes);
    }

    /// <summary>Reads a table; blank lines are skipped.</summary>
    public static Table Parse(string name, byte[] file)
    {
        var values = new List<double>();
        var lines = new List<int>();
        int columns = 0, number = 0;
        var rest = file.AsSpan();
        rest = rest.StartsWith(Encoding.UTF8.Preamble) ? rest[3..] : rest;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).Trim(" \r\t"u8);
            rest = end < 0 ? [] : rest[(end + 1)..];
            number++;
            if (line.Length == 0 || (number == 1 && IsHeader(line)))
            {
                continue;
            }

            int before = values.Count;
            ReadLine(name, number, line, values);
            columns = lines.Count == 0 ? values.Count : columns;
            QuotientException.ThrowIf(
                values.Count - before != columns,
                $"{name}: line {number} has {values.Count - before} columns, expected {columns} as in line {lines[0]}");

            lines.Add(number);
        }

        return lines.Count > 0 ? new(columns, values, lines) : throw new QuotientException($"{name}: holds no lines of numbers");
    }

    private static void ReadLine(string name, int number, ReadOnlySpan<byte> line, List<double> values)
    {
        int column = 0;
        foreach (var range in line.Split((byte)','))
        {
            column++;
            values.Add(TryParse(line[range], out double value) && double.IsFinite(value)
                ? value
                : throw new QuotientException($"{name}: line {number}, column {column} is '{Shown(line[range])}', expected a number"));
        }
    }

    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        foreach (var range in line.Split((byte)','))
        {
            if (TryParse(line[range], out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static string Shown(ReadOnlySpan<byte> text) =>
        InputFile.Printable(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 100)]).Trim());
}

/// <summary>A table of numbers, row by row, and the line of the file that each row came from.</summary>
internal sealed record Table(int Columns, IReadOnlyList<double> Values, IReadOnlyList<int> Lines)
{
    public int Rows => Lines.Count;

    public double this[int row, int column] => Values[(row * Columns) + column];
}
