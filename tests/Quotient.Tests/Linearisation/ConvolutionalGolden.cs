using System.Numerics;
using NUnit.Framework;
using Quotient.Cases;

namespace Quotient.Tests.Linearisation;

/// <summary>The golden convolutional nets, and how long vectors are compared with what is known of them.</summary>
internal static class ConvolutionalGolden
{
    /// <summary>Nets with curvature, the smallest first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["small-vgg", "lenet", "resnet20", "alexnet-small"];

    public static string PathOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "convolutional", $"{name}.json");

    public static ConvolutionalCase Read(string name) => ConvolutionalCase.Read(PathOf(name));

    /// <summary>All devices for the smallest net; the reference, which is slow, for no other.</summary>
    public static IEnumerable<string> DevicesFor(string name) => Nets.Devices.Where(device => device != "reference" || name == Names[0]);

    /// <summary>Norm, two inner products and some entries pin a long vector down.</summary>
    public static void Check<T>(ConvolutionalCase net, IReadOnlyList<T> actual, VectorSummary wanted, double tolerance, string what)
        where T : IFloatingPointIeee754<T>
    {
        double[] values = [.. actual.Select(double.CreateChecked)];
        double Dot(double[] other) => values.Zip(other, (a, b) => a * b).Sum();
        Assert.That(Math.Sqrt(Dot(values)), Is.EqualTo(wanted.Norm).Within(tolerance * wanted.Norm), $"{what}: norm");
        foreach (var (key, other, dot) in new[] { ("v", net.V, wanted.DotV), ("theta", net.Model.Parameters, wanted.DotTheta) })
        {
            double size = wanted.Norm * Math.Sqrt(other.Sum(x => x * x));
            Assert.That(Dot(other), Is.EqualTo(dot).Within(tolerance * size), $"{what}: product with {key}");
        }

        Close.Check([.. net.Entries.Select(i => values[i])], wanted.Values, tolerance, $"{what}: entries");
    }
}
