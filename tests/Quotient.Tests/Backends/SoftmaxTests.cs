using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;

namespace Quotient.Tests.Backends;

/// <summary>
/// The cross-entropy and its derivatives near zero loss, element by element, on every device: p − onehot, 1 − p and p∘(x − mean) would
/// cancel there, so the oracles are sums in which nothing does.
/// </summary>
[TestFixtureSource(nameof(Devices))]
public class SoftmaxTests(string device)
{
    private const int Classes = 5, Label = 3;
    private const double Share = 1e-3;
    private static readonly double[] X = [0.7, -1.3, 0.4, 0.9, 2.1];
    private Engine _engine = null!;

    public static IEnumerable<string> Devices() => Engine.Providers.SelectMany(provider => provider.Devices()).Select(found => found.Id);

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open(device);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [Test]
    public void Single_precision_keeps_every_element([Values(0.5, 5, 20, 40, 80)] double margin) => Check<float>(margin, 2e-6);

    [Test]
    public void Double_precision_keeps_every_element([Values(0.5, 5, 20, 40, 80, 300, 700)] double margin) => Check<double>(margin, 1e-14);

    private void Check<T>(double margin, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var backend = _engine.Backend;
        var ops = backend.Ops<T>();
        double[] logits = [-margin, -margin - 0.5, -margin - 2, 0, -margin - 0.25];
        using var z = backend.Store<T>(Of<T>(logits));
        using var x = backend.Store<T>(Of<T>(X));
        using var labels = backend.Store<int>([Label]);
        using var loss = backend.Store<double>([0]);
        using var p = backend.Allocate<T>(Classes);
        using var result = backend.Allocate<T>(Classes * Classes);
        MatrixView<T> row = result.Matrix(1, Classes), probabilities = p.Matrix(1, Classes);

        ops.SoftmaxCrossEntropy(z.Matrix(1, Classes), labels.All, 0, probabilities, loss.All);
        double[] power = [.. backend.Read(z.All).Select(value => Math.Exp(double.CreateChecked(value)))];
        double rest = power.Where((_, c) => c != Label).Sum();
        double[] exact = [.. power.Select(value => value / (1 + rest))];
        double smallest = typeof(T) == typeof(float) ? 1.2e-38 : 2.3e-308;
        Near([backend.Read(loss.All)[0]], [rest < 1e-6 ? rest - (rest * rest / 2) : Math.Log(1 + rest)], 1e-14, smallest, "loss");
        Near(Read(p.All), exact, tolerance, smallest, "p");

        ops.SoftmaxGradient(probabilities, labels.All, 0, row);
        Near(Read(row.Row(0)), [.. exact.Select((value, c) => c == Label ? -rest / (1 + rest) : value)], tolerance, smallest, "gradient");

        ops.SoftmaxGradient(probabilities, labels.All, Classes * Share, row);
        double[] smoothed = [.. exact.Select(value => value - Share)];
        smoothed[Label] = -smoothed.Where((_, c) => c != Label).Sum();
        Near(Read(row.Row(0)), smoothed, tolerance * Math.Max(1, exact.Max() / Share), smallest, "smoothed gradient");

        ops.SoftmaxHessian(probabilities, 0.25, x.Matrix(1, Classes), row);
        double[] inputs = Read(x.All);
        Near(
            Read(row.Row(0)),
            [.. exact.Select((pc, c) => 0.25 * pc * exact.Select((pj, j) => pj * (inputs[c] - inputs[j])).Sum())], 10 * tolerance, smallest, "Hessian");

        ops.SoftmaxFactors(probabilities, 0.25, 0, result.Matrix(Classes, Classes));
        double[] OneLess(int c) =>
            [.. exact.Select((pj, j) => Math.Sqrt(0.25 * exact[c]) * (j == c ? exact.Where((_, k) => k != c).Sum() : -pj))];
        Near(Read(result.All), [.. Enumerable.Range(0, Classes).SelectMany(OneLess)], tolerance, smallest, "factors");

        double[] Read(VectorView<T> values) => [.. backend.Read(values).Select(double.CreateChecked)];
    }

    private static T[] Of<T>(double[] values) where T : INumberBase<T> => Array.ConvertAll(values, T.CreateTruncating);

    /// <summary>Relative to each element; what is below the precision's range may be lost.</summary>
    private static void Near(double[] actual, double[] wanted, double tolerance, double smallest, string what)
    {
        foreach (var (i, (seen, value)) in actual.Zip(wanted).Index())
        {
            Assert.That(seen, Is.EqualTo(value).Within((tolerance * Math.Abs(value)) + smallest), $"{what}, element {i}");
        }
    }
}
