using NUnit.Framework;

namespace Quotient.Tests.Data;

/// <summary>The real sets, where QUOTIENT_DATA names a folder that holds them.</summary>
public class PublishedDataTests
{
    [TestCase("mnist:train", 60000, "1×28×28", 1567298545, new[] { 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 })]
    [TestCase("mnist:test", 10000, "1×28×28", 264923200, new[] { 7, 2, 1, 0, 4, 1, 4, 9, 5, 9 })]
    [TestCase("fashion-mnist", 60000, "1×28×28", 3431114169, new[] { 9, 0, 0, 3, 0, 2, 7, 2, 5, 5 })]
    [TestCase("fashion-mnist:test", 10000, "1×28×28", 573469082, new[] { 9, 2, 1, 1, 6, 1, 4, 6, 5, 7 })]
    public void Idx_sets_have_the_samples_that_are_published(string words, int count, string shape, long sum, int[] labels) =>
        AssertKnown(words, count, shape, sum, 255, labels);

    [TestCase("digits:train", 3823, 1204758, new[] { 0, 0, 7, 4, 6, 2, 5, 5, 0, 8 })]
    [TestCase("digits:test", 1797, 561718, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void Digits_have_the_samples_that_are_published(string words, int count, long sum, int[] labels) =>
        AssertKnown(words, count, "1×8×8", sum, 16, labels);

    [Test]
    public void Cifar_has_the_first_images_that_are_published()
    {
        var data = Open("cifar10[0:4000]");
        float[] pixels = new float[data.Count * 3072];
        data.CopyInputs<float>(0, data.Count, pixels);
        double Channel(int channel) => pixels.Where((_, i) => i / 1024 % 3 == channel).Average(pixel => (double)pixel);
        Assert.That(data.Labels[..10].ToArray(), Is.EqualTo(new[] { 6, 9, 9, 4, 1, 1, 2, 7, 8, 3 }));
        Assert.That(pixels[..5].Select(pixel => pixel * 255), Is.EqualTo(new[] { 59f, 43, 50, 68, 98 }).Within(1e-4));
        Assert.That(
            new[] { Channel(0), Channel(1), Channel(2) }, Is.EqualTo(new[] { 0.4916, 0.4818, 0.4447 }).Within(5e-5));
        Assert.That(data.Sample.ToString(), Is.EqualTo("3×32×32"));
    }

    private static void AssertKnown(string words, int count, string shape, long sum, double divisor, int[] labels)
    {
        var data = Open(words);
        double[] pixels = new double[data.Count * data.Sample.Size];
        data.CopyInputs<double>(0, data.Count, pixels);
        Assert.That((data.Count, data.Sample.ToString(), data.Classes), Is.EqualTo((count, shape, 10)));
        Assert.That(pixels.Sum(pixel => (long)Math.Round(pixel * divisor)), Is.EqualTo(sum));
        Assert.That(data.Labels[..10].ToArray(), Is.EqualTo(labels));
    }

    private static Dataset Open(string words)
    {
        string? folder = Environment.GetEnvironmentVariable("QUOTIENT_DATA");
        string set = words.Split(':', '[')[0];
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(Path.Combine(folder, set)))
        {
            Assert.Ignore($"QUOTIENT_DATA names no folder that holds {set}");
        }

        return Dataset.Open(words);
    }
}
