using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Quotient.Cases;
using Quotient.Spectra;

namespace Quotient.Tests.Linearisation;

/// <summary>A 784-32-10 net on a thousand digits against PyTorch in float64 and ARPACK, in both precisions.</summary>
public class MnistTests
{
    private static readonly JsonNode Golden = JsonNode.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "torch", "mnist-784-32-10.json")))!;

    [Test]
    public void Double_agrees_to_1e_10() => Compare<double>(1e-10);

    [Test]
    public void Single_agrees_to_1e_4() => Compare<float>(1e-4);

    [Test]
    public void Both_ends_of_the_spectrum_are_ARPACKs()
    {
        using var engine = Engine.Open();
        using var at = engine.Linearise<double>(Model(), Data());
        using var pairs = Lanczos.Solve(at.Hessian, new(Selection.BothEnds(5, 5)) { Tolerance = 1e-8 });
        double[] expected = [.. Numbers("top"), .. Numbers("bottom")];
        Assert.That(pairs.Converged, Is.True);
        Close.Check([.. pairs.Values.Select(pair => pair.Value)], expected, 1e-9, "eigenvalues");
        foreach (var (pair, value) in pairs.Values.Zip(expected))
        {
            Assert.That(Math.Abs(pair.Value - value), Is.LessThanOrEqualTo(pair.Residual + 1e-11), "the residual bounds the error");
        }
    }

    [Test]
    public void Single_precision_eigenvalues_agree_within_their_residuals()
    {
        using var engine = Engine.Open();
        using var at = engine.Linearise<float>(Model(), Data());
        double[] expected = Numbers("top");
        var top = at.Hessian.Top(5);
        Close.Check([.. top.Select(pair => pair.Value)], expected, 1e-4, "eigenvalues");
        foreach (var (pair, value) in top.Zip(expected))
        {
            Assert.That(pair.Converged, Is.True);
            Assert.That(Math.Abs(pair.Value - value), Is.LessThanOrEqualTo(pair.Residual), "the residual bounds the error");
        }
    }

    private static void Compare<T>(double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = Engine.Open();
        var model = Model();
        int n = model.Parameters.Length;
        var v = Hashed(n, Golden["seeds"]!["v"]!.GetValue<uint>(), _ => 1);
        using var at = engine.Linearise<T>(model, Data());
        Assert.Multiple(() =>
        {
            double loss = Golden["lossValue"]!.GetValue<double>();
            Assert.That(at.Loss, Is.EqualTo(loss).Within(tolerance * loss));
            Check("gradient", at.Gradient(), tolerance);
            Check("hessianProduct", at.Hessian.Apply(NetCase.Cast<T>(v)), tolerance);
            Check("gaussNewtonProduct", at.GaussNewton.Apply(NetCase.Cast<T>(v)), tolerance);
            double trace = Golden["trace"]!.GetValue<double>();
            Assert.That(at.Hessian.Trace(), Is.EqualTo(trace).Within(tolerance * trace));
            using var diagonal = at.Backend.Allocate<T>(n);
            at.Hessian.Diagonal(diagonal.All);
            Check("hessianDiagonal", Nets.Read(at.Backend, diagonal.All), tolerance);
        });
    }

    /// <summary>Norm, three inner products and some entries pin a long vector down.</summary>
    private static void Check<T>(string name, T[] actual, double tolerance) where T : IFloatingPointIeee754<T>
    {
        var golden = Golden[name]!;
        double[] values = Array.ConvertAll(actual, double.CreateChecked);
        double norm = golden["norm"]!.GetValue<double>();
        double Dot(double[] other) => values.Zip(other, (a, b) => a * b).Sum();
        Assert.That(Math.Sqrt(Dot(values)), Is.EqualTo(norm).Within(tolerance * norm), $"{name}: norm");
        foreach (var (key, other) in new[] { ("dotV", Vector("v")), ("dotW", Vector("w")), ("dotTheta", Model().Parameters) })
        {
            double size = norm * Math.Sqrt(other.Sum(x => x * x));
            Assert.That(Dot(other), Is.EqualTo(golden[key]!.GetValue<double>()).Within(tolerance * size), $"{name}: {key}");
        }

        int[] entries = Golden["entries"].Deserialize<int[]>()!;
        Close.Check([.. entries.Select(i => values[i])], golden["values"].Deserialize<double[]>()!, tolerance, $"{name}: entries");
    }

    private static Dataset Data()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("QUOTIENT_DATA")))
        {
            Assert.Ignore("QUOTIENT_DATA is not set: MNIST is not at hand.");
        }

        return Dataset.Open(Golden["data"]!.GetValue<string>());
    }

    private static Model Model()
    {
        var network = Network.Mlp([784, 32, 10]);
        var scales = new double[network.ParameterCount];
        foreach (var tensor in network.Tensors)
        {
            scales.AsSpan((int)tensor.Offset, (int)tensor.Size).Fill(Golden["scales"]![tensor.Name]!.GetValue<double>());
        }

        return new(network, Hashed(scales.Length, Golden["seeds"]!["theta"]!.GetValue<uint>(), i => scales[i]), Precision.Double);
    }

    private static double[] Vector(string name) =>
        Hashed((int)Network.Mlp([784, 32, 10]).ParameterCount, Golden["seeds"]![name]!.GetValue<uint>(), _ => 1);

    /// <summary>The golden file's formula: two multiplications and two shifts of the index, modulo 2³².</summary>
    private static double[] Hashed(int count, uint seed, Func<int, double> scale) => [.. Enumerable.Range(0, count).Select(i =>
    {
        uint h = unchecked((2654435761u * (uint)i) + seed);
        h ^= h >> 16;
        h = unchecked(2246822519u * h);
        h ^= h >> 13;
        return scale(i) * ((h / 4294967296.0) - 0.5);
    })];

    private static double[] Numbers(string name) => Golden[name].Deserialize<double[]>()!;
}
