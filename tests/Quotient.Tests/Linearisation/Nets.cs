using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Cases;
using Quotient.Data;
using Quotient.Operators;

namespace Quotient.Tests.Linearisation;

/// <summary>What the tests of linearisations share: the golden nets, every device, and dense matrices from products.</summary>
internal static class Nets
{
    public static IReadOnlyList<NetCase> Golden { get; } =
        [.. NetCase.ReadAll(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "torch"))];

    public static IReadOnlyList<string> Devices { get; } =
        [.. Engine.Providers.SelectMany(provider => provider.Devices()).Select(device => device.Id)];

    public static NetCase ByName(string name) => Golden.Single(net => net.Name == name);

    /// <summary>The dense matrix of an operator, by its products with all unit vectors at once.</summary>
    public static Matrix<double> Dense<T>(ISymmetricOperator<T> op) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = (int)op.Dimension;
        using var identity = op.Backend.Allocate<T>((long)n * n);
        using var result = op.Backend.Allocate<T>((long)n * n);
        for (int i = 0; i < n; i++)
        {
            op.Backend.Write<T>([T.One], identity.Slice(((long)i * n) + i, 1));
        }

        op.ApplyBlock(identity.Matrix(n, n), result.Matrix(n, n));
        return Matrix<double>.Build.DenseOfRowMajor(n, n, Read(op.Backend, result.All).Select(double.CreateChecked));
    }

    public static T[] Read<T>(IBackend backend, VectorView<T> view) where T : unmanaged
    {
        var host = new T[view.Length];
        backend.Read(view, host.AsSpan());
        return host;
    }

    /// <summary>A seeded net and data with real targets or labels, with no pre-activation near a kink for small steps.</summary>
    public static (Model Model, Dataset Data) Random(Network network, int samples, int seed, bool classes)
    {
        var random = new Random(seed);
        double Next() => (2 * random.NextDouble()) - 1;
        double[] Many(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => Next())];
        var inputs = SampleStore.Doubles(Many((long)samples * network.Input.Size), network.Input.Size);
        int outputs = network.Output.Size;
        var data = classes
            ? Dataset.Classification(
                "random", network.Input, inputs, [.. Enumerable.Range(0, samples).Select(_ => random.Next(outputs))], outputs)
            : Dataset.Regression("random", network.Input, inputs, SampleStore.Doubles(Many((long)samples * outputs), outputs));
        return (new(network, Many(network.ParameterCount), Precision.Double), data);
    }
}
