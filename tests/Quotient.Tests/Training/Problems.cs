using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Networks;
using Quotient.Training;

namespace Quotient.Tests.Training;

/// <summary>What the tests of training share.</summary>
internal static class Problems
{
    /// <summary>The least difference between two doubles is a difference.</summary>
    public static bool SameBits(double[] a, double[] b) =>
        a.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(b.Select(BitConverter.DoubleToInt64Bits));

    /// <summary>Two hundred samples of three classes: the signs of the inputs decide, and a net of that size can learn them.</summary>
    public static (Model Model, Dataset Data) Classes(ulong seed = 3, int samples = 203)
    {
        var random = new Random((int)seed);
        double[] inputs = [.. Enumerable.Range(0, samples * 6).Select(_ => (2 * random.NextDouble()) - 1)];
        int[] labels = [.. Enumerable.Range(0, samples).Select(n => inputs[6 * n] > 0 ? inputs[(6 * n) + 1] > 0 ? 2 : 1 : 0)];
        var data = Dataset.Classification("signs", new(6), SampleStore.Doubles(inputs, 6), labels, 3);
        return (Model.Initialise(Network.Mlp([6, 16, 12, 3]), Initialisation.He, seed), data);
    }

    /// <summary>The same inputs with two smooth functions of them.</summary>
    public static (Model Model, Dataset Data) Regression()
    {
        var (_, classes) = Classes();
        double[] inputs = new double[classes.Count * 6];
        classes.CopyInputs(0, classes.Count, inputs.AsSpan());
        double[] targets = [.. Enumerable.Range(0, classes.Count).SelectMany(n => new[] { inputs[6 * n] * inputs[(6 * n) + 3], inputs[(6 * n) + 1] })];
        var data = Dataset.Regression("products", new(6), SampleStore.Doubles(inputs, 6), SampleStore.Doubles(targets, 2));
        return (Model.Initialise(Network.Mlp([6, 16, 12, 2]), Initialisation.He, 3), data);
    }

    /// <summary>UCI digits: 8 × 8 pixels, ten classes.</summary>
    public static (Dataset Train, Dataset Test) Digits()
    {
        if (Environment.GetEnvironmentVariable("QUOTIENT_DATA") is not { Length: > 0 } folder || !Directory.Exists(Path.Combine(folder, "digits")))
        {
            Assert.Ignore("QUOTIENT_DATA names no folder that has digits/");
        }

        return (Dataset.Open("digits:train"), Dataset.Open("digits:test"));
    }
}

/// <summary>Calls back before each step of another optimiser.</summary>
internal sealed record Watched(Optimiser Inner, Action<long> BeforeStep) : Optimiser(Inner.Rate)
{
    public override string Text => Inner.Text;

    public override IOptimiser<T> Start<T>(IBackend backend, long dimension) =>
        new AtWork<T>(Inner.Start<T>(backend, dimension), BeforeStep);

    private sealed class AtWork<T>(IOptimiser<T> inner, Action<long> beforeStep) : IOptimiser<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public IReadOnlyList<(string Name, VectorView<T> Values)> State => inner.State;

        public void Step(IObjective<T> objective, VectorView<T> theta, double rate, long number)
        {
            beforeStep(number);
            inner.Step(objective, theta, rate, number);
        }

        public void Dispose() => inner.Dispose();
    }
}
