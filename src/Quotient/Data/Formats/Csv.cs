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
        using var file = InputFile.Open(path);
        var table = InputFile.Guard(path, () => Parse(path, file));
        QuotientException.ThrowIf(
            table.Columns < 2, $"{path}: has one column, expected at least one of inputs and a last one of classes or targets");

        int width = table.Columns - 1;
        var (store, last) = (SampleStore.Doubles(table.Values, width), table.Last);
        if (!last.All(double.IsInteger))
        {
            return Dataset.Regression(name, new(width), store, SampleStore.Doubles(last, 1));
        }

        var (labels, classes) = Labels.From(last.Length, row => last[row], row => $"{path}: the class in line {table.Lines[row]}");
        return Dataset.Classification(name, new(width), store, labels, classes);
    }

    /// <summary>
    /// Reads a table; blank lines are skipped. The file is read twice: once to learn how many numbers there are, and again into arrays of
    /// just that size.
    /// </summary>
    public static Table Parse(string name, Stream file)
    {
        using var seekable = file.CanSeek ? null : Copy(file);
        var source = seekable ?? file;
        var (rows, columns) = Count(name, source);
        source.Position = 0;
        var table = Table.New(name, rows, columns);
        int row = 0;
        foreach (var (number, line) in Rows(name, source))
        {
            QuotientException.ThrowIf(row == rows, $"{name}: changed while it was read: it grew beyond line {number}");
            ReadLine(name, number, line.Span, table, row++);
        }

        QuotientException.ThrowIf(row < rows, $"{name}: changed while it was read: it has fewer lines than before");
        return table;
    }

    /// <summary>What cannot be read twice, such as a pipe.</summary>
    private static MemoryStream Copy(Stream file)
    {
        var memory = new MemoryStream();
        file.CopyTo(memory);
        memory.Position = 0;
        return memory;
    }

    private static (int Rows, int Columns) Count(string name, Stream file)
    {
        int rows = 0, columns = 0, first = 0;
        foreach (var (number, line) in Rows(name, file))
        {
            int found = line.Span.Count((byte)',') + 1;
            (columns, first) = rows == 0 ? (found, number) : (columns, first);
            QuotientException.ThrowIf(
                found != columns, $"{name}: line {number} has {found} columns, expected {columns} as in line {first}");

            rows++;
        }

        return rows > 0 ? (rows, columns) : throw new QuotientException($"{name}: holds no lines of numbers");
    }

    /// <summary>The lines that are rows of the table, and their numbers; what is handed out is valid until the next.</summary>
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Line)> Rows(string name, Stream file)
    {
        var lines = new Lines(name, file);
        while (lines.MoveNext())
        {
            var line = lines.Current.Trim(" \r\t"u8);
            if (line.Length > 0 && !(lines.Number == 1 && IsHeader(line.Span)))
            {
                yield return (lines.Number, line);
            }
        }
    }

    private static void ReadLine(string name, int number, ReadOnlySpan<byte> line, Table table, int row)
    {
        int column = 0, width = table.Columns;
        foreach (var range in line.Split((byte)','))
        {
            QuotientException.ThrowIf(column == width, $"{name}: changed while it was read: line {number} has grown");
            table.Set(row, column, TryParse(line[range], out double value) && double.IsFinite(value)
                ? value
                : throw new QuotientException($"{name}: line {number}, column {column + 1} is '{Shown(line[range])}', expected a number"));
            column++;
        }

        QuotientException.ThrowIf(column < width, $"{name}: changed while it was read: line {number} has shrunk");
        table.Lines[row] = number;
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

/// <summary>A table of numbers, its last column apart from the others, and the line of the file that each row came from.</summary>
internal sealed record Table(int Columns, double[] Values, double[] Last, int[] Lines)
{
    public int Rows => Lines.Length;

    public double this[int row, int column] => column == Columns - 1 ? Last[row] : Values[(row * (Columns - 1)) + column];

    /// <summary>Room for so many numbers.</summary>
    public static Table New(string name, int rows, int columns)
    {
        string what = $"{name}: the table of {rows} lines and {columns} columns";
        return new(
            columns, HostArray.New<double>((long)rows * (columns - 1), () => what), HostArray.New<double>(rows, () => what),
            HostArray.New<int>(rows, () => what));
    }

    public void Set(int row, int column, double value)
    {
        if (column == Columns - 1)
        {
            Last[row] = value;
        }
        else
        {
            Values[(row * (Columns - 1)) + column] = value;
        }
    }
}
