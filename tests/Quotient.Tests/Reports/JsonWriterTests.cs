using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Quotient.Reports;

namespace Quotient.Tests.Reports;

public class JsonWriterTests
{
    [Test]
    public void The_fields_are_those_of_the_contract()
    {
        var json = Parse(Samples.Full);
        string[] expected =
        [
            "report", "schema", "network", "parameters", "data", "samples", "operator", "surrogate", "lossName", "loss", "error", "gradientNorm",
            "complete", "trace", "density", "logDeterminant", "layers", "training", "top", "bottom", "products", "seconds", "device", "deviceName",
            "precision", "seed", "command", "version",
        ];
        Assert.That(Names(json), Is.EqualTo(expected));
        Assert.That(Names(json["top"]![0]!), Is.EqualTo(new[] { "value", "residual", "converged" }));
        Assert.That(Names(json["trace"]!), Is.EqualTo(new[] { "value", "standardError", "products", "method", "converged" }));
        Assert.That(
            Names(json["density"]!),
            Is.EqualTo(new[] { "convention", "sigma", "points", "values", "standardErrors", "nodes", "weights", "products" }));
        Assert.That(Names(json["logDeterminant"]!), Is.EqualTo(new[]
        {
            "value", "singular", "standardError", "samplingError", "quadratureError", "damping", "negativeMass", "products",
        }));
        Assert.That(
            Names(json["layers"]![0]!),
            Is.EqualTo(new[] { "name", "dimension", "top", "bottom", "complete", "trace", "density", "logDeterminant", "products" }));
        Assert.That(Names(json["training"]![0]!), Is.EqualTo(new[] { "epoch", "trainLoss", "trainError", "testLoss", "testError" }));
    }

    [Test]
    public void Every_value_reads_back()
    {
        var (json, full) = (Parse(Samples.Full), Samples.Full);
        Assert.That((string)json["report"]!, Is.EqualTo("spectrum"));
        Assert.That((int)json["schema"]!, Is.EqualTo(1));
        Assert.That((string)json["device"]!, Is.EqualTo("cpu:0"));
        Assert.That((string)json["deviceName"]!, Is.EqualTo("a processor"));
        Assert.That((double)json["loss"]!, Is.EqualTo(full.Loss));
        Assert.That((double)json["gradientNorm"]!, Is.EqualTo(full.GradientNorm));
        Assert.That((double)json["top"]![1]!["residual"]!, Is.EqualTo(0.02));
        Assert.That((bool)json["top"]![1]!["converged"]!, Is.False);
        Assert.That((double)json["bottom"]![0]!["value"]!, Is.EqualTo(-0.1774));
        Assert.That((string)json["trace"]!["method"]!, Is.EqualTo("hutch++"));
        Assert.That(json["density"]!["values"]!.AsArray().Select(value => (double)value!), Is.EqualTo(Samples.Density.Values));
        Assert.That((double)json["density"]!["sigma"]!, Is.EqualTo(3e-3));
        Assert.That((string)json["layers"]![0]!["name"]!, Is.EqualTo("0"));
        Assert.That((double)json["training"]![0]!["testError"]!, Is.EqualTo(0.25));
        Assert.That((string)json["precision"]!, Is.EqualTo("single"));
        Assert.That((ulong)json["seed"]!, Is.EqualTo(ulong.MaxValue));
        Assert.That((string)json["command"]!, Is.EqualTo(full.Provenance.Command));
    }

    [Test]
    public void What_was_not_computed_is_null_or_empty()
    {
        var json = Parse(Samples.Bare);
        Assert.That(new[] { json["error"], json["trace"], json["density"], json["logDeterminant"] }, Is.All.Null);
        Assert.That(new[] { json["top"], json["bottom"], json["layers"], json["training"] }, Is.All.Empty);
    }

    [Test]
    public void Any_double_reads_back_to_the_bit_and_what_is_not_finite_is_null()
    {
        var property = Prop.ForAll(Arb.From(Samples.AnyDouble), value =>
        {
            var found = Parse(Samples.Bare with { Loss = value, Error = value })["loss"];
            if (double.IsFinite(value))
            {
                Assert.That(BitConverter.DoubleToInt64Bits((double)found!), Is.EqualTo(BitConverter.DoubleToInt64Bits(value)));
            }
            else
            {
                Assert.That(found, Is.Null);
            }
        });
        Check.One(Samples.Seeded, property);
    }

    [Test]
    public void Any_analysis_is_valid_json()
    {
        var property = Prop.ForAll(Arb.From(Samples.Any), one => Parse(one)["layers"]!.AsArray().Count == one.Layers.Count);
        Check.One(Samples.Seeded, property);
    }

    [Test]
    public void Text_that_needs_escapes_reads_back()
    {
        const string Name = "a \"b\" \\ <c>\n\u0001 λ 😀";
        Assert.That((string)Parse(Samples.Bare with { Network = Name })["network"]!, Is.EqualTo(Name));
        Assert.That((string)Parse(Samples.Bare with { Network = "\uD800" })["network"]!, Is.EqualTo("\uFFFD"));
    }

    private static JsonObject Parse(Analysis analysis) =>
        JsonNode.Parse(JsonWriter.ToText(SpectrumReport.Of(analysis)))!.AsObject();

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(field => field.Key)];
}
