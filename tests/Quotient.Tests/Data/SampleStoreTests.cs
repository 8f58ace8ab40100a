using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Data;

public class SampleStoreTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [TestCase(255.0)]
    [TestCase(16.0)]
    [TestCase(1.0)]
    public void Bytes_are_divided_in_double_and_rounded_once(double divisor)
    {
        var store = SampleStore.Bytes(AllBytes, 8, divisor);
        float[] single = new float[256];
        double[] twice = new double[256];
        store.CopyTo<float>(single);
        store.CopyTo<double>(twice);
        Assert.That(twice, Is.EqualTo(AllBytes.Select(value => value / divisor)));
        Assert.That(single, Is.EqualTo(AllBytes.Select(value => (float)(value / divisor))));
    }

    [Test]
    public void Reals_are_kept_as_they_are_and_converted_when_asked()
    {
        double[] values = [0.1, -3, 1e300, 4];
        double[] same = new double[4];
        float[] nearest = new float[4];
        SampleStore.Doubles(values, 2).CopyTo<double>(same);
        SampleStore.Doubles(values, 2).CopyTo<float>(nearest);
        Assert.That(same, Is.EqualTo(values));
        Assert.That(nearest, Is.EqualTo(new[] { 0.1f, -3, float.PositiveInfinity, 4 }));
        SampleStore.Floats(new[] { 0.1f, 2, 3, 4 }, 2).CopyTo<double>(same);
        Assert.That(same, Is.EqualTo(new[] { 0.1f, 2.0, 3, 4 }));
    }

    [Test]
    public void A_slice_begins_at_its_first_row()
    {
        float[] rows = new float[16];
        SampleStore.Bytes(AllBytes, 8, 1).Slice(3, 2).CopyTo<float>(rows);
        Assert.That(rows, Is.EqualTo(Enumerable.Range(24, 16)));
    }

    [Test]
    public void A_destination_that_is_too_small_is_refused() =>
        Assert.That(() => SampleStore.Bytes(AllBytes, 8, 1).CopyTo<float>(new float[255]), Throws.InstanceOf<ArgumentException>());
}
