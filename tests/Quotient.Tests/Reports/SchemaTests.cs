using System.Text.Json;
using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class SchemaTests
{
    private static readonly Provenance From = Samples.Bare.Provenance with { Products = null };

    [Test]
    public void Every_field_of_a_spectrum_is_listed_and_what_is_listed_is_there()
    {
        using var full = Parse(SpectrumReport.Of(Samples.Full));
        Schema.AssertListed(full.RootElement);
        Assert.That(Schema.Of("spectrum").Except(Schema.Paths(full.RootElement)), Is.Empty);
        using var bare = Parse(SpectrumReport.Of(Samples.Bare));
        Schema.AssertListed(bare.RootElement);
    }

    [Test]
    public void Every_field_of_the_epochs_is_listed()
    {
        using var json = Parse(new Report("training", "Training").Training(Samples.Full.Training).From(From));
        Schema.AssertListed(json.RootElement);
    }

    [Test]
    public void A_field_that_is_not_listed_is_found()
    {
        using var json = Parse(new Report("gradient", "Gradient").Fact("colour", null, 1).From(From));
        Assert.Throws<AssertionException>(() => Schema.AssertListed(json.RootElement));
    }

    private static JsonDocument Parse(Report report) => JsonDocument.Parse(JsonWriter.ToText(report));
}
