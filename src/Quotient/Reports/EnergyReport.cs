using Quotient.Measures;
using Quotient.Reports.Charts;
using Quotient.Symmetry;

namespace Quotient.Reports;

/// <summary>Local energies by the size of perturbations, for any report.</summary>
public static class EnergyReport
{
    /// <summary>Adds a curve: the network as it is, a field and a table of the levels, and the drawing.</summary>
    /// <param name="report">The report.</param>
    /// <param name="curve">The energies.</param>
    /// <param name="level">What a level is: <c>σ</c>.</param>
    /// <param name="caption">What the perturbations were, a full sentence.</param>
    public static Report Energies(this Report report, EnergyCurve curve, string level, string caption) => report
        .Fact("base", null, new Fields(("error", curve.Base.Error), ("loss", curve.Base.Loss)))
        .Fact("curve", null, curve.Points.Select(FieldsOf))
        .Table(TableOf("curve", null, curve, level))
        .Table(TableOf(null, "Local energy", curve, level))
        .Chart(new(
            "Local energy", $"{caption} The band is one standard error of the mean.",
            PanelOf("change of error, percentage points", curve, level, point => point.Error, 100),
            PanelOf("change of loss", curve, level, point => point.Loss, 1)));

    private static Fields FieldsOf(EnergyPoint point) =>
        new(("level", point.Level), ("error", FieldsOf(point.Error)), ("loss", FieldsOf(point.Loss)));

    private static Fields? FieldsOf(EnergyEstimate? energy) => energy is not { } known ? null : new(
        ("energy", known.Mean), ("standardError", Figures.Known(known.StandardError)));

    private static Table TableOf(string? key, string? title, EnergyCurve curve, string level) => Table.Of(
        key, title, curve.Points,
        new("level", level, point => point.Level),
        new("error", "change of error", point => point.Error?.Mean, point => Figures.Share(point.Error?.Mean ?? double.NaN)),
        new(
            "errorStandardError", "standard error", point => Figures.Known(point.Error?.StandardError ?? double.NaN),
            point => Figures.Share(point.Error?.StandardError ?? double.NaN)),
        new("loss", "change of loss", point => point.Loss.Mean),
        new(
            "lossStandardError", "standard error", point => Figures.Known(point.Loss.StandardError),
            point => Figures.Plain(point.Loss.StandardError)));

    private static Panel PanelOf(string quantity, EnergyCurve curve, string level, Func<EnergyPoint, EnergyEstimate?> energy, double unit)
    {
        var data =
            from point in curve.Points
            let found = energy(point)
            where found is not null
            orderby point.Level
            let value = new Quantity(unit * found.Value.Mean, unit * found.Value.StandardError, IsEstimate: true)
            select new Datum(point.Level, value.Value, value.Error, $"{level} {Figures.Plain(point.Level, 4)}: {Figures.Minus(value.ToString())}");
        Datum[] drawn = [.. data];
        return new(
            "", new NumberAxis(level), new NumberAxis(quantity) { HasZero = true }, new Band("± one standard error", drawn), new Line("mean over draws", drawn));
    }
}
