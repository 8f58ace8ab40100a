using System.Collections;

namespace Quotient.Reports;

/// <summary>The one rule on results that are no numbers: no report is finished with one. What is not known is null instead.</summary>
public static class FiniteReport
{
    /// <summary>Throws where a report holds NaN or an infinity, and says where and what to try.</summary>
    /// <param name="report">The report.</param>
    /// <param name="precision">What its figures were computed in.</param>
    /// <exception cref="QuotientException">The report holds NaN or an infinity.</exception>
    public static void RequireFinite(this Report report, Precision precision)
    {
        foreach (var fact in report.Facts)
        {
            Check(fact.Value, fact.Label ?? fact.Key ?? "", precision);
        }

        foreach (var table in report.Tables)
        {
            foreach (var row in table.Rows)
            {
                foreach (var (column, cell) in row.Index())
                {
                    Check(cell.Value, table.Labels[column] ?? table.Keys[column] ?? "", precision);
                }
            }
        }
    }

    private static void Check(object? value, string name, Precision precision)
    {
        if (value is double number)
        {
            Overflow.Check(number, name, precision);
        }
        else if (value is Fields fields)
        {
            fields.ToList().ForEach(field => Check(field.Value, $"{name}.{field.Key}", precision));
        }
        else if (value is IEnumerable items and not string)
        {
            foreach (var (index, item) in items.Cast<object?>().Index())
            {
                Check(item, $"{name}[{index}]", precision);
            }
        }
    }
}
