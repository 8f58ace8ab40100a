using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Diagnostics;
using Quotient.Linearisation;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>How many launches a product takes on a GPU, where each costs microseconds.</summary>
public class LaunchCountTests
{
    [TestCase("784-1024-512-256-128-64-10", 512)]
    [TestCase("32-32-32-10", 256)]
    public void A_product_of_few_samples_takes_one_launch_a_sum_or_product(string widths, int samples)
    {
        using var folder = new ScratchFolder();
        var recording = new RecordingDevice(RecordingDevice.Cuda(90, 132, 227 << 10));
        var device = new CountingDevice(recording);
        using var backend = new GpuBackend(device, MatrixPrecision.Auto, new ProgramCache(folder.Path));
        var network = Network.Parse(widths);
        using var at = new Linearisation<float>(
            backend, Model.Initialise(network, Initialisation.He, 1), DrawnData.For(network, samples, new Random(1)), Loss.CrossEntropy, new());
        using var vectors = backend.Allocate<float>(2 * at.Dimension);
        var (v, result) = (vectors.Slice(0, at.Dimension), vectors.Slice(at.Dimension, at.Dimension));
        device.Counts.Clear();
        at.Hessian.ApplyBlock(v.AsMatrix(1, at.Dimension), result.AsMatrix(1, at.Dimension));
        TestContext.Out.WriteLine(string.Join(", ", device.Counts.Select(pair => $"{pair.Value} {pair.Key}")));

        // A layer's tangent, its parameters' adjoint and its bias's, and but for the first layer its input's adjoint; and one loss.
        int layers = widths.Count(c => c == '-'), products = Count("product") + Count("product_tensor");
        Assert.That(products, Is.EqualTo((3 * layers) - 1));
        Assert.That(Count("sum_rows"), Is.EqualTo(layers));
        Assert.That(Count("softmax_hessian"), Is.EqualTo(1));
        Assert.That(device.Counts.Values.Sum(), Is.EqualTo((4 * layers) + Count("finish_product")), "but for sums dealt to several groups, no other");

        int Count(string kernel) => device.Counts.GetValueOrDefault($"quotient_{kernel}");
    }

    private sealed class CountingDevice(GpuDevice inner) : DeviceAround(inner)
    {
        private readonly Dictionary<nint, string> _names = [];

        public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

        public override nint Kernel(nint program, string name)
        {
            nint kernel = base.Kernel(program, name);
            _names[kernel] = name;
            return kernel;
        }

        public override void Launch(nint kernel, LaunchShape shape, in Arguments arguments)
        {
            Counts[_names[kernel]] = Counts.GetValueOrDefault(_names[kernel]) + 1;
            base.Launch(kernel, shape, arguments);
        }
    }
}
