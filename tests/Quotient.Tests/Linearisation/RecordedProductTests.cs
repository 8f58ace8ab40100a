using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Operators;
using Quotient.Spectra;
using Quotient.Tests.Backends.Gpu;

namespace Quotient.Tests.Linearisation;

/// <summary>Products that are replayed from a recording against the same products queued call by call: equal bits.</summary>
[TestFixtureSource(nameof(Devices))]
public class RecordedProductTests(string device)
{
    private const int Products = 6, BeforeReplays = 3;
    private ReplayingDevice _replaying = null!;
    private GpuBackend _recording = null!, _plain = null!;

    public static IEnumerable<string> Devices() => OpenClDeviceId.All().Select(id => id.Info.Id);

    [OneTimeSetUp]
    public void OpenPlain() => _plain = new(new OpenClDevice(Id), MatrixPrecision.Auto);

    [OneTimeTearDown]
    public void ClosePlain() => _plain.Dispose();

    [SetUp]
    public void Open()
    {
        _replaying = new(new OpenClDevice(Id));
        _recording = new(_replaying, MatrixPrecision.Auto);
    }

    [TearDown]
    public void Close()
    {
        Assert.That(_replaying.Held, Is.Zero, "every recording is freed with its linearisation");
        _recording.Dispose();
    }

    [Test]
    public void A_replay_is_the_product(
        [Values("ce-three-hidden", "mse-three-hidden")] string name, [Values("hessian", "gauss-newton", "empirical-fisher")] string kind,
        [Values(1, 3)] int vectors, [Values(0, 4)] int chunkSize)
    {
        Same<double>(name, kind, vectors, chunkSize);
        Same<float>(name, kind, vectors, chunkSize);
    }

    [Test]
    public void A_product_that_is_asked_for_once_or_twice_is_not_recorded()
    {
        using var at = At<double>(_recording, "ce-wider", new());
        Apply(at.Hessian, 1, 1);
        Apply(at.Hessian, 1, 2);
        Apply(at.GaussNewton, 1, 1);
        Apply(at.GaussNewton, 1, 2);
        Apply(at.Hessian, 2, 1);
        Apply(at.Hessian, 2, 2);
        Assert.That(_replaying.Recorded, Is.Zero);
    }

    [Test]
    public void A_replay_queues_two_copies_and_no_other_launch()
    {
        using var at = At<double>(_recording, "ce-three-hidden", new());
        Repeat(at.Hessian, BeforeReplays);
        int before = _replaying.Launches;
        Repeat(at.Hessian, 5);
        Assert.That(_replaying.Replays, Is.EqualTo(5));
        Assert.That(_replaying.Launches - before, Is.EqualTo(5 * 3), "the vector is drawn, copied in, and the result copied out");
    }

    [Test]
    public void A_replay_follows_a_move_to_other_parameters()
    {
        var net = Nets.ByName("ce-wider");
        var elsewhere = new Model(net.Model.Network, [.. net.Theta.Select(x => 0.9 * x)]);
        using var at = At<double>(_recording, net.Name, new() { ChunkSize = 10 });
        using var plain = At<double>(_plain, net.Name, new() { ChunkSize = 10 });
        Repeat(at.Hessian, Products);
        at.MoveTo(elsewhere);
        plain.MoveTo(elsewhere);
        int before = _replaying.Replays;
        Assert.That(Apply(at.Hessian, 1, 7), Is.EqualTo(Apply(plain.Hessian, 1, 7)));
        Assert.That(_replaying.Replays, Is.EqualTo(before + 1), "a move keeps the recordings");
    }

    [Test]
    public void Work_space_that_grows_takes_the_recordings_with_it()
    {
        using var at = At<double>(_recording, "ce-wider", new() { ChunkSize = 10 });
        using var plain = At<double>(_plain, "ce-wider", new() { ChunkSize = 10 });
        foreach (int vectors in new[] { 1, 2, 1, 5, 2, 1 })
        {
            for (int i = 0; i < Products; i++)
            {
                Assert.That(Apply(at.Hessian, vectors, i), Is.EqualTo(Apply(plain.Hessian, vectors, i)), $"{vectors} vectors, product {i}");
            }

            Assert.That(at.Hessian.Trace(), Is.EqualTo(plain.Hessian.Trace()));
        }

        Assert.That(_replaying.Replays, Is.GreaterThan(3 * Products));
    }

    [Test]
    public void Few_recordings_are_kept()
    {
        using var at = At<double>(_recording, "ce-three-hidden", new());
        using var plain = At<double>(_plain, "ce-three-hidden", new());
        int most = 0;
        for (int round = 0; round < 2; round++)
        {
            for (int vectors = 6; vectors > 0; vectors--)
            {
                for (int i = 0; i < Products; i++)
                {
                    Assert.That(Apply(at.Hessian, vectors, i), Is.EqualTo(Apply(plain.Hessian, vectors, i)));
                    most = Math.Max(most, _replaying.Held);
                }
            }
        }

        Assert.That(most, Is.EqualTo(4));
    }

    [Test]
    public void The_blocks_of_layers_have_recordings_of_their_own()
    {
        using var at = At<double>(_recording, "ce-three-hidden", new());
        using var plain = At<double>(_plain, "ce-three-hidden", new());
        for (int i = 0; i < Products; i++)
        {
            foreach (var (mine, other) in at.Hessian.Layers.Zip(plain.Hessian.Layers))
            {
                Assert.That(Apply(mine.Block, 1, i), Is.EqualTo(Apply(other.Block, 1, i)), mine.Layer);
            }
        }

        Assert.That(_replaying.Replays, Is.EqualTo((Products - BeforeReplays) * at.Hessian.Layers.Count));
    }

    [Test]
    public void Vectors_that_are_rows_of_something_wider_are_replayed_too()
    {
        using var at = At<double>(_recording, "ce-wider", new());
        const int Rows = 3;
        long n = at.Dimension, stride = n + 5;
        using var v = _recording.Allocate<double>(Rows * stride);
        using var result = _recording.Allocate<double>(Rows * stride);
        _recording.Ops<double>().Normal(1, 0, v.All);
        var (from, to) = (new MatrixView<double>(v, 2, Rows, n, stride), new MatrixView<double>(result, 3, Rows, n, stride));
        at.Hessian.ApplyBlock(from, to);
        double[] wanted = Nets.Read(_recording, result.All);
        for (int i = 1; i < Products; i++)
        {
            _recording.Ops<double>().Fill(result.All, 0);
            at.Hessian.ApplyBlock(from, to);
            Assert.That(Nets.Read(_recording, result.All), Is.EqualTo(wanted), $"product {i}");
        }

        Assert.That(_replaying.Replays, Is.EqualTo(Products - BeforeReplays));
    }

    [Test]
    public void What_is_recomputed_chunk_by_chunk_is_not_recorded()
    {
        using var at = At<double>(_recording, "ce-wider", new() { ChunkSize = 5, MemoryBudget = 1 });
        Assert.That(at.IsResident, Is.False);
        Repeat(at.Hessian, Products);
        Assert.That(_replaying.Recorded, Is.Zero);
    }

    [TestCase("2100-2000-2", 2, TestName = "A_product_of_long_vectors_is_not_recorded")]
    [TestCase("300-300-300-2", 16000, TestName = "A_long_product_is_not_recorded")]
    public void What_gains_nothing_is_not_recorded(string widths, int samples)
    {
        var (model, data) = Nets.Random(Network.Parse(widths), samples, 1, true);
        using var at = new Linearisation<float>(_recording, model, data, Loss.CrossEntropy, new());
        Repeat(at.Hessian, Products - 2);
        Assert.That(_replaying.Recorded, Is.Zero);
    }

    [Test]
    public void Eigenvalues_are_those_of_plain_products([Values(1, 3)] int block)
    {
        var (model, data) = Nets.Random(Network.Mlp([6, 16, 12, 3]), 200, 3, true);
        var options = new LanczosOptions(Selection.BothEnds(3, 2)) { Seed = 4, BlockSize = block };
        Check<float>();
        Check<double>();
        Assert.That(_replaying.Replays, Is.GreaterThan(20));

        void Check<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            using var at = new Linearisation<T>(_recording, model, data, Loss.CrossEntropy, new() { ChunkSize = 64 });
            using var plain = new Linearisation<T>(_plain, model, data, Loss.CrossEntropy, new() { ChunkSize = 64 });
            using var mine = Lanczos.Solve(at.Hessian, options);
            using var other = Lanczos.Solve(plain.Hessian, options);
            Assert.That(mine.Top.Concat(mine.Bottom), Is.EqualTo(other.Top.Concat(other.Bottom)));
            Assert.That(mine.Products, Is.EqualTo(other.Products));
        }
    }

    [Test]
    public void A_replay_is_cancelled_and_reported_like_any_pass()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<double>();
        using var at = At<double>(_recording, "ce-wider", new() { ChunkSize = 10 });
        Repeat(at.Hessian, BeforeReplays);
        var v = new double[at.Dimension];
        at.Hessian.Apply(v, new Told(steps), source.Token);
        at.Hessian.Apply(v, new Told(steps), source.Token);
        Assert.That(_replaying.Replays, Is.EqualTo(2));
        Assert.That(steps, Is.EqualTo(new double[] { 1, 1 }));
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => at.Hessian.Apply(v, new Told(steps), source.Token));
    }

    private OpenClDeviceId Id => OpenClDeviceId.All().Single(id => id.Info.Id == device);

    private void Same<T>(string name, string kind, int vectors, int chunkSize) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var at = At<T>(_recording, name, new() { ChunkSize = chunkSize });
        using var plain = At<T>(_plain, name, new() { ChunkSize = chunkSize });
        int before = _replaying.Replays;
        for (int i = 0; i < Products; i++)
        {
            Assert.That(
                Apply(Operator(at, kind), vectors, i), Is.EqualTo(Apply(Operator(plain, kind), vectors, i)), $"{typeof(T).Name}, product {i}");
        }

        Assert.That(_replaying.Replays - before, Is.EqualTo(Products - BeforeReplays));
    }

    private static CurvatureOperator<T> Operator<T>(Linearisation<T> at, string kind) where T : unmanaged, IFloatingPointIeee754<T> =>
        kind switch
        {
            "hessian" => at.Hessian,
            "gauss-newton" => at.GaussNewton,
            _ => at.EmpiricalFisher,
        };

    private static Linearisation<T> At<T>(IBackend backend, string name, LineariseOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var net = Nets.ByName(name);
        return new Linearisation<T>(backend, net.Model, net.Data, net.LossKind, options);
    }

    private static void Repeat<T>(CurvatureOperator<T> a, int times) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < times; i++)
        {
            Apply(a, 1, i);
        }
    }

    /// <summary>The product with drawn vectors, which begin where nothing is aligned.</summary>
    private static T[] Apply<T>(CurvatureOperator<T> a, int vectors, int stream) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long length = vectors * a.Dimension;
        using var v = a.Backend.Allocate<T>(length + 1);
        using var result = a.Backend.Allocate<T>(length + 3);
        a.Backend.Ops<T>().Normal(5, (ulong)stream, v.All);
        a.ApplyBlock(v.Slice(1, length).AsMatrix(vectors, a.Dimension), result.Slice(3, length).AsMatrix(vectors, a.Dimension));
        return Nets.Read(a.Backend, result.Slice(3, length));
    }

    private sealed class Told(List<double> steps) : IProgress<double>
    {
        public void Report(double value) => steps.Add(value);
    }
}
