using System.Globalization;
using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class CsvWriterTests
{
    [Test]
    public void Each_eigenvalue_of_the_whole_and_of_the_layers_is_a_line()
    {
        string[] expected =
        [
            "operator,end,rank,value,residual,converged",
            "hessian,top,1,1.2818034,2.8E-05,yes",
            "hessian,top,2,1.1326,0.02,unconverged",
            "hessian,bottom,1,-0.1774,4E-05,yes",
            "hessian,bottom,2,-0.11,0.03,unconverged",
            "0,top,1,0.9,1E-05,yes",
            "",
        ];
        Assert.That(Eigenvalues(Samples.Full).Split('\n'), Is.EqualTo(expected));
    }

    [Test]
    public void Each_point_of_the_density_is_a_line_that_reads_back()
    {
        string[][] lines = [.. Density(Samples.Full).TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split(','))];
        Assert.That(lines.Select(line => double.Parse(line[1], CultureInfo.InvariantCulture)), Is.EqualTo(Samples.Density.Points));
        Assert.That(lines.Select(line => double.Parse(line[2], CultureInfo.InvariantCulture)), Is.EqualTo(Samples.Density.Values));
        Assert.That(lines.Select(line => double.Parse(line[3], CultureInfo.InvariantCulture)), Is.EqualTo(Samples.Density.StandardErrors));
    }

    [Test]
    public void A_density_without_errors_leaves_their_column_empty()
    {
        var density = Samples.Density with { StandardErrors = [] };
        string text = Density(Samples.Full with { Spectrum = Samples.Full.Spectrum with { Density = density } });
        Assert.That(text.TrimEnd('\n').Split('\n').Skip(1), Is.All.EndsWith(","));
    }

    [Test]
    public void Names_with_commas_and_quotes_are_quoted()
    {
        var layer = Samples.Full.Layers[0] with { Name = "a,\"b\"" };
        Assert.That(Eigenvalues(Samples.Full with { Layers = [layer] }), Does.Contain("\n\"a,\"\"b\"\"\",top,1,0.9"));
    }

    [Test]
    public void A_table_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<QuotientException>(() => CsvWriter.ToText(SpectrumReport.Of(Samples.Full), "matrix"));
        Assert.That(error!.Message, Does.Contain("'matrix'").And.Contain("top, bottom, eigenvalues, density"));
    }

    private static string Eigenvalues(Analysis analysis) => CsvWriter.ToText(SpectrumReport.Of(analysis), "eigenvalues");

    private static string Density(Analysis analysis) => CsvWriter.ToText(SpectrumReport.Of(analysis), "density");
}
