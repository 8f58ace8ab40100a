using System.Globalization;
using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class CsvReportTests
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
        Assert.That(CsvReport.Eigenvalues(Samples.Full).Split('\n'), Is.EqualTo(expected));
    }

    [Test]
    public void Each_point_of_the_density_is_a_line_that_reads_back()
    {
        string[][] lines = [.. CsvReport.Density(Samples.Full).TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split(','))];
        Assert.That(lines.Select(line => double.Parse(line[1], CultureInfo.InvariantCulture)), Is.EqualTo(Samples.Density.Points));
        Assert.That(lines.Select(line => double.Parse(line[2], CultureInfo.InvariantCulture)), Is.EqualTo(Samples.Density.Values));
        Assert.That(lines.Select(line => double.Parse(line[3], CultureInfo.InvariantCulture)), Is.EqualTo(Samples.Density.StandardErrors));
    }

    [Test]
    public void A_density_without_errors_leaves_their_column_empty()
    {
        var density = Samples.Density with { StandardErrors = [] };
        string text = CsvReport.Density(Samples.Full with { Spectrum = Samples.Full.Spectrum with { Density = density } });
        Assert.That(text.TrimEnd('\n').Split('\n').Skip(1), Is.All.EndsWith(","));
    }

    [Test]
    public void Names_with_commas_and_quotes_are_quoted()
    {
        var layer = Samples.Full.Layers[0] with { Name = "a,\"b\"" };
        Assert.That(CsvReport.Eigenvalues(Samples.Full with { Layers = [layer] }), Does.Contain("\n\"a,\"\"b\"\"\",top,1,0.9"));
    }
}
