using System.Runtime.CompilerServices;
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

/// <summary>A device whose memory runs out in the middle of the work, which goes on with less.</summary>
[TestFixtureSource(nameof(Devices))]
public class ScarceMemoryTests(string device)
{
    private const int Samples = 512;
    private static readonly (Model Model, Dataset Data) Net = Nets.Random(Network.Mlp([6, 16, 12, 3]), Samples, 3, true);

    private CrampedDevice _cramped = null!;
    private ReplayingDevice _replaying = null!;
    private GpuBackend _backend = null!;
    private Linearisation<double> _scarce = null!, _ample = null!;

    public static IEnumerable<string> Devices() => OpenClDeviceId.All().Select(id => id.Info.Id);

    [SetUp]
    public void Open()
    {
        var id = OpenClDeviceId.All().Single(id => id.Info.Id == device);
        _cramped = new(new OpenClDevice(id));
        _replaying = new(_cramped);
        _backend = new(_replaying, MatrixPrecision.Auto);
        _scarce = new Linearisation<double>(_backend, Net.Model, Net.Data, Loss.CrossEntropy, new());
        _ample = new Linearisation<double>(_backend, Net.Model, Net.Data, Loss.CrossEntropy, new());
    }

    [TearDown]
    public void Close()
    {
        _scarce.Dispose();
        _ample.Dispose();
        Assert.That(_replaying.Held, Is.Zero);
        _backend.Dispose();
    }

    [Test]
    public void A_block_is_cut_into_smaller_ones()
    {
        double[] wanted = Apply(_ample.Hessian, 8);
        _ample.Dispose();

        // Room for two vectors' work space and their results, not for eight.
        Assert.That(Cramped(3 * WorkSpace(Samples), () => Apply(_scarce.Hessian, 8)), Is.EqualTo(wanted).Within(1e-13));
        Assert.That(_cramped.Refused, Is.Positive);
        Assert.That(_scarce.Kept.Sweep.ChunkSize, Is.EqualTo(Samples), "the samples stay together");
    }

    [TestCase(2.0 / 3, true, TestName = "Smaller_chunks_are_taken")]
    [TestCase(1.0 / 100, false, TestName = "What_is_kept_is_given_up")]
    public void A_product_goes_on_with_less(double share, bool isResident)
    {
        double loss = _scarce.Loss;
        double[] wanted = Apply(_ample.Hessian, 1);
        double[] diagonal = Diagonal(_ample), gradient = _ample.Gradient(), jacobian = Jacobian(_ample);
        double trace = _ample.Hessian.Trace();
        _ample.Dispose();
        long room = (long)(share * WorkSpace(Samples)) + Vectors(2);
        Assert.That(Cramped(room, () => Apply(_scarce.Hessian, 1)), Is.EqualTo(wanted).Within(1e-13));
        Assert.That(_cramped.Refused, Is.Positive);
        Assert.That(_scarce.Kept.Sweep.ChunkSize, Is.LessThan(Samples));
        Assert.That(_scarce.IsResident, Is.EqualTo(isResident));
        Assert.That(_scarce.Loss, Is.EqualTo(loss));

        // Everything else goes on at the smaller size.
        Assert.That(Diagonal(_scarce), Is.EqualTo(diagonal).Within(1e-13));
        Assert.That(_scarce.Hessian.Trace(), Is.EqualTo(trace).Within(1e-12));
        Assert.That(_scarce.Gradient(), Is.EqualTo(gradient).Within(1e-13));
        Tests.Close.Check(Jacobian(_scarce), jacobian, 1e-13, "Jacobian");
    }

    [Test]
    public void The_diagonal_and_the_trace_go_on_with_less([Values] bool traceOnly)
    {
        double[] wanted = Diagonal(_ample);
        double trace = _ample.Hessian.Trace();
        _ample.Dispose();
        double[] got = Cramped(WorkSpace(Samples) + Vectors(1), () => traceOnly ? [_scarce.Hessian.Trace()] : Diagonal(_scarce));
        Assert.That(_cramped.Refused, Is.Positive);
        Assert.That(got, Is.EqualTo(traceOnly ? [trace] : wanted).Within(1e-12));
    }

    [Test]
    public void The_diagonal_goes_on_with_less_after_a_block_of_vectors()
    {
        double[] wanted = Diagonal(_ample);
        _ample.Dispose();
        Apply(_scarce.Hessian, 8);
        Assert.That(Cramped(WorkSpace(Samples) / 8, () => Diagonal(_scarce)), Is.EqualTo(wanted).Within(1e-12));
        Assert.That(_cramped.Refused, Is.Positive);
    }

    [Test]
    public void A_move_goes_on_with_less()
    {
        var elsewhere = new Model(Net.Model.Network, [.. Net.Model.Parameters.Select(x => 0.9 * x)]);
        Cramped((WorkSpace(Samples) / 2) + Vectors(2), () => Apply(_scarce.Hessian, 1));
        _ample.MoveTo(elsewhere);
        _scarce.MoveTo(elsewhere);
        Assert.That(_scarce.Kept.Sweep.ChunkSize, Is.LessThan(Samples));
        Assert.That(_scarce.Loss, Is.EqualTo(_ample.Loss).Within(1e-13));
        Assert.That(Apply(_scarce.Hessian, 1), Is.EqualTo(Apply(_ample.Hessian, 1)).Within(1e-13));
    }

    [Test]
    public void A_copy_made_after_that_is_whole()
    {
        Cramped((WorkSpace(Samples) / 2) + Vectors(2), () => Apply(_scarce.Hessian, 1));
        Assert.That(_scarce.Kept.TakeLess(), Is.True);
        using var reference = Engine.Open("reference");
        Assume.That(_scarce.IsResident);
        using var copy = _scarce.CopyTo(reference.Backend);
        Assert.That(Apply(copy.Hessian, 1), Is.EqualTo(Apply(_ample.Hessian, 1)).Within(1e-11));
    }

    [Test]
    public void Recordings_are_the_first_to_go()
    {
        double[] wanted = Diagonal(_scarce), one = Apply(_scarce.Hessian, 1);
        for (int i = 0; i < 5; i++)
        {
            Apply(_scarce.Hessian, 1);
        }

        Assert.That(_replaying.Held, Is.EqualTo(1));
        long room = Vectors(1) + (WorkSpace(Samples) / 4);
        Assert.That(Cramped(room, () => Diagonal(_scarce)), Is.EqualTo(wanted), "the same bits: nothing else has changed");
        Assert.That(_cramped.Refused, Is.Positive);
        Assert.That(_replaying.Held, Is.Zero);
        Assert.That(_scarce.Kept.Sweep.ChunkSize, Is.EqualTo(Samples));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(Apply(_scarce.Hessian, 1), Is.EqualTo(one));
        }

        Assert.That(_replaying.Held, Is.Zero, "memory has run out before");
    }

    [Test]
    public void What_can_never_fit_is_said_and_harms_nothing()
    {
        double[] wanted = Apply(_ample.Hessian, 2);
        _cramped.Limit = _cramped.Used;
        using (new Unlimited(_cramped))
        {
            Assert.Throws<DeviceOutOfMemoryException>(() => _scarce.Hessian.Apply(new double[_scarce.Dimension]));
        }

        Assert.That(Apply(_scarce.Hessian, 2), Is.EqualTo(wanted).Within(1e-13));
    }

    [Test]
    public void Lanczos_holds_fewer_vectors()
    {
        var options = new LanczosOptions(Selection.BothEnds(3, 2)) { Seed = 4, Tolerance = 1e-8 };
        using var wanted = Lanczos.Solve(_ample.Hessian, options);
        _ample.Dispose();
        int refused = _cramped.Refused;
        using var got = Cramped(Vectors(60) + WorkSpace(Samples), () => Lanczos.Solve(_scarce.Hessian, options));
        Assert.That(_cramped.Refused, Is.GreaterThan(refused));
        Assert.That(got.Converged, Is.True);
        Assert.That(got.Values.Select(pair => pair.Value), Is.EqualTo(wanted.Values.Select(pair => pair.Value)).Within(1e-7));
    }

    [Test]
    public void Buffers_that_nobody_holds_make_room()
    {
        _cramped.Limit = _cramped.Used + (3 << 20);
        for (int i = 0; i < 20; i++)
        {
            Assert.That(Leak, Throws.Nothing, $"buffer {i}");
        }

        using var held = _backend.Allocate<byte>(2 << 20);
        Assert.That(Leak, Throws.InstanceOf<DeviceOutOfMemoryException>());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Leak() => _backend.Allocate<byte>(2 << 20);

    /// <summary>Bytes of one vector's tangents and adjoints.</summary>
    private static long WorkSpace(int samples) => 2L * sizeof(double) * samples * (16 + 12 + 3);

    private long Vectors(int count) => sizeof(double) * count * _scarce.Dimension;

    /// <summary>Does something with no more than so many bytes beside what is in use.</summary>
    private TResult Cramped<TResult>(long room, Func<TResult> action)
    {
        using var limit = new Unlimited(_cramped);
        _cramped.Limit = _cramped.Used + room;
        return action();
    }

    private static double[] Diagonal(Linearisation<double> at)
    {
        using var diagonal = at.Backend.Allocate<double>(at.Dimension);
        at.Hessian.Diagonal(diagonal.All);
        return Nets.Read(at.Backend, diagonal.All);
    }

    /// <summary>J v, and Jᵀ of that.</summary>
    private static double[] Jacobian(Linearisation<double> at)
    {
        var j = at.Jacobian;
        using var v = at.Backend.Allocate<double>(j.Columns);
        using var jv = at.Backend.Allocate<double>(j.Rows);
        using var back = at.Backend.Allocate<double>(j.Columns);
        at.Backend.Ops<double>().Normal(2, 0, v.All);
        j.ApplyBlock(v.Matrix(1, j.Columns), jv.Matrix(1, j.Rows));
        j.ApplyTransposeBlock(jv.Matrix(1, j.Rows), back.Matrix(1, j.Columns));
        return [.. Nets.Read(at.Backend, jv.All), .. Nets.Read(at.Backend, back.All)];
    }

    private static double[] Apply(CurvatureOperator<double> a, int vectors)
    {
        long length = vectors * a.Dimension;
        using var v = a.Backend.Allocate<double>(length);
        using var result = a.Backend.Allocate<double>(length);
        a.Backend.Ops<double>().Normal(5, 1, v.All);
        a.ApplyBlock(v.Matrix(vectors, a.Dimension), result.Matrix(vectors, a.Dimension));
        return Nets.Read(a.Backend, result.All);
    }

    /// <summary>Takes a device's limit away in the end.</summary>
    private sealed class Unlimited(CrampedDevice device) : IDisposable
    {
        public void Dispose() => device.Limit = long.MaxValue;
    }
}
