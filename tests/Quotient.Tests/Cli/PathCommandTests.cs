using System.Text.Json;
using NUnit.Framework;
using Quotient.Linearisation;
using Quotient.Symmetry;
using Quotient.Tests.Reports;

namespace Quotient.Tests.Cli;

public class PathCommandTests
{
    private const string On = "path --model {}/a.safetensors --to {}/b.safetensors --data spirals[0:60] --test spirals[60:100] --device reference --precision double ";

    private static readonly string[] OfOnePath =
        ["align", "geometry", "points", "barrier", "testBarrier", "distance", "meanAngle", "relativeDistance", "realDistance", "antipodal"];

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_two_networks()
    {
        _folder = new();
        Save("2-7-3", "a", 1);
        Save("2-7-3", "b", 2);
        Save("binary:2-7-3", "c", 1);
        Save("binary:2-7-3", "d", 2);
    }

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void The_report_holds_the_path()
    {
        var json = Run(On + "--points 5 --align normalise");
        var options = new PathOptions { Points = 5, Alignment = Alignment.Normalise };
        using var engine = Engine.Open("reference");
        var (a, b) = (Model.Load(_folder.At("a.safetensors")), Model.Load(_folder.At("b.safetensors")));
        var wanted = Paths.Between(engine, a, b, Dataset.Open("spirals[0:60]"), Dataset.Open("spirals[60:100]"), options, Precision.Double);
        var points = json.GetProperty("points").EnumerateArray().ToList();
        Assert.That(points.Select(point => point.GetProperty("t").GetDouble()), Is.EqualTo(new[] { 0, 0.25, 0.5, 0.75, 1 }));
        Assert.That(points.Select(point => point.GetProperty("testLoss").GetDouble()), Is.EqualTo(wanted.Points.Select(point => point.TestLoss!.Value.Mean)));
        Assert.That(points.Select(point => point.GetProperty("error").GetDouble()), Is.EqualTo(wanted.Points.Select(point => point.Error!.Value.Mean)));
        Assert.That(points[1].TryGetProperty("lossStandardError", out _), Is.False);
        Assert.That(json.GetProperty("barrier").GetProperty("loss").GetProperty("excess").GetDouble(), Is.EqualTo(wanted.LossBarrier.Excess));
        Assert.That(json.GetProperty("testBarrier").GetProperty("error").GetProperty("maximum").GetDouble(), Is.EqualTo(wanted.TestErrorBarrier!.Value.Maximum));
        Assert.That(json.GetProperty("relativeDistance").GetDouble(), Is.EqualTo(wanted.Distance.Relative));
        Assert.That(json.GetProperty("functionDistance").GetDouble(), Is.EqualTo(wanted.FunctionDistance));
        Assert.That(json.GetProperty("loss").GetDouble(), Is.EqualTo(Evaluation.Run<double>(engine, a, Dataset.Open("spirals[0:60]")).Loss).Within(1e-12));
        Assert.That(Texts(json, "align", "geometry", "method", "norms"), Is.EqualTo(new[] { "normalise", "geodesic", null, "none" }));
        Assert.That(json.EnumerateObject().Select(field => field.Name), Is.SupersetOf(OfOnePath).And.Contain("bend").And.Contain("to"));
        Assert.That(File.ReadAllLines(_folder.At("r.csv"))[0], Is.EqualTo("t,loss,error,testLoss,testError"));
        Assert.That(File.ReadAllText(_folder.At("r.html")), Does.Contain("<svg").And.Contain("Along the path"));
    }

    [Test]
    public void A_bend_is_a_second_path()
    {
        var json = Run(On + "--points 5 --align none --geometry linear --bend --bend-epochs 3 --bend-batch 10 --bend-rate 0.1");
        var bend = json.GetProperty("bend");
        Assert.That(bend.GetProperty("points").GetArrayLength(), Is.EqualTo(5));
        Assert.That(bend.GetProperty("points")[4].GetProperty("loss").GetDouble(), Is.EqualTo(json.GetProperty("points")[4].GetProperty("loss").GetDouble()).Within(1e-12));
        Assert.That(bend.GetProperty("trainLoss").GetDouble(), Is.EqualTo(bend.GetProperty("points")[2].GetProperty("loss").GetDouble()).Within(1e-12));
        Assert.That(bend.GetProperty("length").GetDouble(), Is.GreaterThan(json.GetProperty("distance").GetDouble()));
        Assert.That(bend.GetProperty("epochs").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public void A_binary_network_has_orders_with_standard_errors()
    {
        var json = Run(On.Replace("a.saf", "c.saf").Replace("b.saf", "d.saf") + "--points 4 --align none --orders 3");
        Assert.That(Texts(json, "geometry"), Is.EqualTo(new[] { "hamming" }));
        var errors = json.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("lossStandardError").GetDouble()).ToList();
        Assert.That((errors[0], errors[3]), Is.EqualTo((0.0, 0.0)));
        Assert.That(errors[1], Is.GreaterThan(0));
        Assert.That(json.GetProperty("distance").GetDouble() % 1, Is.Zero);
        Assert.That(json.GetProperty("meanAngle").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void All_conditions_stand_side_by_side()
    {
        var json = Run(On + "--points 5 --all --method weights --bend --bend-epochs 1");
        var conditions = json.GetProperty("conditions").EnumerateArray().ToList();
        Assert.That(conditions, Has.Count.EqualTo(8));
        Assert.That(Texts(conditions[0], "align", "geometry").Concat(Texts(conditions[7], "align", "geometry")), Is.EqualTo(new[] { "none", "linear", "both", "geodesic" }));
        Assert.That(Texts(json, "method", "norms"), Is.EqualTo(new[] { "weights", "none" }));
        Assert.That(conditions.Select(one => one.GetProperty("functionDistance").GetDouble()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(json.TryGetProperty("align", out _), Is.False);
        Assert.That(json.GetProperty("bend").GetProperty("points").GetArrayLength(), Is.EqualTo(5));
        var alone = Run(On + "--points 5 --align match --geometry linear --method weights");
        Assert.That(JsonElement.DeepEquals(alone.GetProperty("barrier"), conditions[4].GetProperty("barrier")));
        Assert.That(alone.GetProperty("distance").GetDouble(), Is.EqualTo(conditions[4].GetProperty("distance").GetDouble()));
        Run(On + "--points 5 --all");
        Assert.That(File.ReadAllLines(_folder.At("r.csv")), Has.Length.EqualTo(9));
    }

    [Test]
    public void What_makes_no_sense_is_one_clear_sentence()
    {
        CommandLine.Run(On + "--all --geometry linear", _folder.Path).IsOneClearSentence("--geometry has no effect beside --all");
        CommandLine.Run(On + "--all --align match", _folder.Path).IsOneClearSentence("--align has no effect beside --all");
        CommandLine.Run(On + "--bend-rate 0.1", _folder.Path).IsOneClearSentence("--bend-rate has no effect without --bend");
        CommandLine.Run(On + "--orders 7", _folder.Path).IsOneClearSentence("--orders has no effect on paths of networks without binary weights");
        CommandLine.Run(On + "--align normalise --method weights", _folder.Path).IsOneClearSentence("--method has no effect where nothing is matched");
        CommandLine.Run(On + "--bend --points 4", _folder.Path).IsOneClearSentence("--points is 4; beside --bend it must be odd");
        CommandLine.Run(On + "--points 1", _folder.Path).IsOneClearSentence("--points is '1'");
        CommandLine.Run(On.Replace("b.saf", "c.saf") + "--align none", _folder.Path).IsOneClearSentence("one architecture", "2-7-3", "binary");
        CommandLine.Run(On.Replace("b.saf", "none.saf"), _folder.Path).IsOneClearSentence("none.safetensors", "does not exist");
    }

    private JsonElement Run(string line)
    {
        var outcome = CommandLine.Run(line + " --json {}/r.json --csv {}/r.csv --html {}/r.html", _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var file = JsonDocument.Parse(File.ReadAllText(_folder.At("r.json")));
        Schema.AssertListed(file.RootElement);
        return file.RootElement.Clone();
    }

    private void Save(string architecture, string name, ulong seed) =>
        Model.Initialise(Network.Parse(architecture), Initialisation.PyTorch, seed, Precision.Double).Save(_folder.At($"{name}.safetensors"));

    private static string?[] Texts(JsonElement json, params string[] names) => [.. names.Select(name => json.GetProperty(name).GetString())];
}
