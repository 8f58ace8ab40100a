using NUnit.Framework;
using Quotient.Data.Formats;

namespace Quotient.Tests.Data;

public class CifarTests
{
    private const int Record = 3073;

    [Test]
    public void Records_of_all_files_follow_each_other()
    {
        var data = Cifar.Read("set", [("one", Records(3, 9)), ("two", Records(0))]);
        double[] pixels = new double[3 * 3072];
        data.CopyInputs<double>(0, 3, pixels);
        Assert.That(data.Labels.ToArray(), Is.EqualTo(new[] { 3, 9, 0 }));
        Assert.That(data.Sample.ToString(), Is.EqualTo("3×32×32"));
        Assert.That(pixels[3071], Is.EqualTo(3072 % 256 / 255.0));
        Assert.That(pixels[3072], Is.EqualTo((Record + 1) % 256 / 255.0));
    }

    [Test]
    public void A_length_that_no_number_of_records_has_is_refused()
    {
        Refused.With(() => Cifar.Read("set", [("one", new byte[Record - 1])]), "one: has 3072 bytes", "3073");
        Refused.With(() => Cifar.Read("set", [("one", [])]), "one: has 0 bytes");
    }

    [Test]
    public void A_label_beyond_nine_is_refused() =>
        Refused.With(() => Cifar.Read("set", [("one", Records(1)), ("two", Records(2, 10))]), "two: the label of sample 1 is 10");

    private static byte[] Records(params int[] labels)
    {
        byte[] bytes = [.. Enumerable.Range(0, labels.Length * Record).Select(i => (byte)i)];
        for (int i = 0; i < labels.Length; i++)
        {
            bytes[i * Record] = (byte)labels[i];
        }

        return bytes;
    }
}
