namespace Quotient.Data.Formats;

/// <summary>A table of numbers, row by row, and the line of the file that each row came from.</summary>
internal sealed record Table(int Columns, IReadOnlyList<double> Values, IReadOnlyList<int> Lines)
{
    public int Rows => Lines.Count;

    public double this[int row, int column] => Values[(row * Columns) + column];
}
