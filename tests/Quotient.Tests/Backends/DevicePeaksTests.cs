using NUnit.Framework;
using Quotient.Backends;

namespace Quotient.Tests.Backends;

public class DevicePeaksTests
{
    // Published peaks at the boost clock: A100 (SXM), GeForce RTX 3090, H100 (SXM).
    [TestCase(80, 108, 1.410e9, 19.5, 9.7, 156)]
    [TestCase(86, 82, 1.695e9, 35.6, 0.556, 35.6)]
    [TestCase(90, 132, 1.830e9, 61.8, 30.9, 494.7)]
    public void Clock_times_units_gives_the_published_peaks(
        int architecture, int units, double clock, double single, double @double, double tensor)
    {
        var peaks = DevicePeaks.OfCuda(architecture, units, clock, 0, 0);
        Assert.That(peaks.Single / 1e12, Is.EqualTo(single).Within(1).Percent);
        Assert.That(peaks.Double / 1e12, Is.EqualTo(@double).Within(1).Percent);
        Assert.That(peaks.Tensor / 1e12, Is.EqualTo(tensor).Within(1).Percent);
        Assert.That(peaks.Of(MatrixPrecision.SplitTensor), Is.EqualTo(peaks.Tensor / 3));
        Assert.That(peaks.Memory, Is.NaN);
    }

    [Test]
    public void Memory_transfers_twice_a_cycle() =>
        Assert.That(DevicePeaks.OfCuda(80, 108, 1.41e9, 1.215e9, 5120).Memory / 1e9, Is.EqualTo(1555).Within(1).Percent);

    [Test]
    public void An_unknown_architecture_has_unknown_peaks() =>
        Assert.That(DevicePeaks.OfCuda(75, 40, 1.5e9, 0, 0).Single, Is.NaN);
}
