using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Linearisation;
using Quotient.Networks.Layers;
using Quotient.Tests.Backends.Gpu;

namespace Quotient.Tests.Linearisation;

/// <summary>Products of a net with every layer of images, replayed from a recording and queued call by call: equal bits.</summary>
[TestFixtureSource(typeof(RecordedProductTests), nameof(RecordedProductTests.Devices))]
public class RecordedImageProductTests(string device)
{
    private static readonly Network Network = Network.Build(new(2, 8, 8), x =>
    {
        var first = x.Convolution(4, 3, padding: 1).BatchNorm().Relu();
        var branch = first.Convolution(6, 3, stride: 2, padding: 1).BatchNorm();
        var sum = branch.Plus(first.Then(new Shortcut(6, 2))).Relu();
        return sum.Convolution(5, 3, padding: 1).Relu().MaxPool(2).AveragePool(2).Flatten().Dense(3);
    });

    [Test]
    public void A_replay_is_the_product([Values("hessian", "gauss-newton")] string kind, [Values(1, 3)] int vectors)
    {
        var id = OpenClDeviceId.All().Single(id => id.Info.Id == device);
        var replaying = new ReplayingDevice(new OpenClDevice(id));
        using (var recording = new GpuBackend(replaying, MatrixPrecision.Auto))
        {
            using var plain = new GpuBackend(new OpenClDevice(id), MatrixPrecision.Auto);
            var (model, data) = Nets.Random(Network, 9, 5, true);
            using var at = new Linearisation<double>(recording, model, data, Loss.CrossEntropy, new() { ChunkSize = 4 });
            using var wanted = new Linearisation<double>(plain, model, data, Loss.CrossEntropy, new() { ChunkSize = 4 });
            for (int i = 0; i < 6; i++)
            {
                Assert.That(Apply(at, kind, vectors, i), Is.EqualTo(Apply(wanted, kind, vectors, i)), $"product {i}");
            }

            Assert.That(replaying.Replays, Is.GreaterThan(0));
        }

        Assert.That(replaying.Held, Is.Zero);
    }

    private static double[] Apply(Linearisation<double> at, string kind, int vectors, int seed)
    {
        var backend = at.Backend;
        using var v = backend.Allocate<double>(vectors * at.Dimension);
        using var result = backend.Allocate<double>(vectors * at.Dimension);
        backend.Ops<double>().Normal((ulong)seed, 1, v.All);
        var op = kind == "hessian" ? at.Hessian : at.GaussNewton;
        op.ApplyBlock(v.Matrix(vectors, at.Dimension), result.Matrix(vectors, at.Dimension));
        return Nets.Read(backend, result.All);
    }
}
