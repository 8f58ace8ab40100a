using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Training;

namespace Quotient.Tests.Training;

/// <summary>What the tests of training share.</summary>
internal static class TrainingCases
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

    /// <summary>The same with a net of signs; its real first layer has biases.</summary>
    public static (Model Model, Dataset Data) Binary(bool realFirst = false)
    {
        var network = Network.Parse(realFirst ? "binary,real-first:6-9-7-3" : "binary:6-9-7-3");
        return (Model.Initialise(network, Initialisation.He, 3), Classes().Data);
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

    public override int Replicas => Inner.Replicas;

    public override void CheckNetwork(Network network) => Inner.CheckNetwork(network);

    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new AtWork<T>(Inner.Start(context), BeforeStep);

    private sealed class AtWork<T>(IOptimiser<T> inner, Action<long> beforeStep) : IOptimiser<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public IReadOnlyList<(string Name, VectorView<T> Values)> State => inner.State;

        public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken)
        {
            beforeStep(place.Number);
            inner.Step(objective, theta, place, cancellationToken);
        }

        public void Dispose() => inner.Dispose();
    }
}

/// <summary>Another optimiser whose replicas start from given points.</summary>
internal sealed record StartingAt(Optimiser Inner, double[][] Points) : Optimiser(Inner.Rate)
{
    public override string Text => Inner.Text;

    public override int Replicas => Inner.Replicas;

    public override void CheckNetwork(Network network) => Inner.CheckNetwork(network);

    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => Inner.Start(context with
    {
        DrawStart = (replica, point) => context.Backend.Write<T>(Array.ConvertAll(Points[replica], T.CreateChecked), point),
    });
}

/// <summary>Takes gradients of replicas at fixed points, and leaves θ where it is.</summary>
internal sealed record GradientsAt(double[][] Points) : Optimiser(1)
{
    /// <summary>What was found: a row for each replica, step by step.</summary>
    public List<double[][]> Found { get; } = [];

    public override string Text => "gradients";

    public override int Replicas => Points.Length;

    public override void CheckNetwork(Network network)
    {
        // Any network has gradients of a kind.
    }

    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new AtWork<T>(this, context);

    private sealed class AtWork<T>(GradientsAt owner, OptimiserContext<T> context) : IOptimiser<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly DeviceBuffer<T> _points = context.Backend.Allocate<T>(owner.Replicas * context.Dimension);
        private readonly DeviceBuffer<T> _gradients = context.Backend.Allocate<T>(owner.Replicas * context.Dimension);

        public IReadOnlyList<(string Name, VectorView<T> Values)> State => [];

        public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken)
        {
            T[] points = [.. owner.Points.SelectMany(point => point).Select(T.CreateChecked)];
            context.Backend.Write<T>(points, _points.All);
            objective.Gradient(_points.All, _gradients.All, cancellationToken);
            var host = new T[_gradients.Length];
            context.Backend.Read(_gradients.All, host.AsSpan());
            owner.Found.Add([.. host.Select(double.CreateChecked).Chunk((int)context.Dimension)]);
        }

        public void Dispose()
        {
            _points.Dispose();
            _gradients.Dispose();
        }
    }
}
