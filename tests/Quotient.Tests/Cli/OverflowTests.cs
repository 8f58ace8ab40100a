using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Cli;

/// <summary>Finite losses whose derivatives are beyond single precision.</summary>
public class OverflowTests
{
    private const string On = "--model {}/net.safetensors --data {}/data.csv --device reference ";
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void A_gradient_that_overflows_is_refused_and_not_written()
    {
        Write(1e-30, 1e15, 1e25);
        string[] before = _folder.Files;
        CommandLine.Run("gradient --loss mse " + On + "--out {}/g.npy --json {}/g.json", _folder.Path)
            .IsOneClearSentence("gradient holds", "at entry", "--precision double");
        Assert.That(_folder.Files, Is.EqualTo(before));
        var wide = CommandLine.Run("gradient --loss mse " + On + "--out {}/g.npy --precision double", _folder.Path);
        Assert.That(wide.Code, Is.Zero, wide.Error);
        Assert.That(Npy.ReadVector(_folder.At("g.npy")), Has.All.Matches<double>(double.IsFinite).And.Some.GreaterThan(1e40));
    }

    [Test]
    public void A_product_that_overflows_is_refused_and_not_written([Values("hessian", "gauss-newton")] string name)
    {
        Write(1e-20, 1e15, 1e10);
        Npy.WriteVector(_folder.At("v.npy"), [.. Enumerable.Repeat(1.0, 7)], Precision.Double);
        string[] before = _folder.Files;
        CommandLine.Run($"product --loss mse --operator {name} " + On + "--vector {}/v.npy --out {}/p.npy", _folder.Path)
            .IsOneClearSentence($"{name} product holds", "at entry", "--precision double");
        Assert.That(_folder.Files, Is.EqualTo(before));
    }

    [Test]
    public void A_spectrum_that_overflows_is_refused_and_not_written()
    {
        Write(1e-150, 1e120, 1e100);
        string[] before = _folder.Files;
        CommandLine.Run("spectrum --loss mse --precision double --top 1 --trace --json {}/s.json " + On, _folder.Path)
            .IsOneClearSentence("NaN or an infinity");
        Assert.That(_folder.Files, Is.EqualTo(before));
    }

    /// <summary>One rule for all: every command, on a network whose values are beyond single precision.</summary>
    [TestCase("evaluate --loss mse")]
    [TestCase("gradient --loss mse --out {}/out")]
    [TestCase("product --loss mse --vector {}/v.npy --out {}/out")]
    [TestCase("spectrum --loss mse --top 1")]
    [TestCase("flips --loss mse --draws 2 --single 0")]
    [TestCase("flips --loss mse --draws 1 --single 2 --csv {}/c.csv")]
    [TestCase("local-energy --noise flips --loss mse --draws 2 --levels 0,0.5")]
    [TestCase("train --arch 1-2-1 --loss mse --learning-rate 1e30 --epochs 3 --data {}/data.csv --out {}/out --device reference")]
    public void No_command_delivers_what_is_no_number(string line)
    {
        var network = Network.Parse("binary,relu,real-first:1-2-1");
        double[] parameters = [.. network.Tensors.SelectMany(tensor => Enumerable.Repeat(tensor.IsBinary ? 1 : 3e38, (int)tensor.Size))];
        new Model(network, parameters, Precision.Double).Save(_folder.At("net.safetensors"));
        File.WriteAllText(_folder.At("data.csv"), "2,0.5\n3,1.5\n");
        Npy.WriteVector(_folder.At("v.npy"), [.. parameters.Select(_ => 1.0)], Precision.Double);
        string[] before = _folder.Files;
        var outcome = CommandLine.Run($"{line} {(line.StartsWith("train", StringComparison.Ordinal) ? "" : On)} --json {{}}/r.json", _folder.Path);
        outcome.IsOneClearSentence();
        Assert.That(outcome.Error, Does.Contain("NaN").Or.Contain("infinity").IgnoreCase);
        Assert.That(_folder.Files, Is.EqualTo(before));
    }

    [TestCase(double.NaN, Precision.Single, "the trace is NaN: the sum over the samples overflows single precision; try --precision double, or smaller weights or data")]
    [TestCase(double.NegativeInfinity, Precision.Double, "the trace is an infinity: the sum over the samples overflows double precision; try smaller weights or data")]
    public void A_figure_that_is_no_number_says_what_to_try(double value, Precision precision, string sentence) => Assert.That(
        () => Overflow.Check(value, "trace", precision),
        Throws.TypeOf<QuotientException>().With.Message.EqualTo(sentence));

    private void Write(double first, double second, double input)
    {
        var network = Network.Mlp([1, 2, 1]);
        string line = FormattableString.Invariant($"{input:R}");
        File.WriteAllText(_folder.At("data.csv"), $"{line},0.5\n{line},1.5\n");
        new Model(network, [first, first, 0, 0, second, second, 0], Precision.Double).Save(_folder.At("net.safetensors"));
    }
}
