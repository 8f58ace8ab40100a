using System.Security.Cryptography;
using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Data;

public class GeneratorTests
{
    [TestCase("strokes", 4000, "1×16×16", 10, 10)]
    [TestCase("strokes:test", 1000, "1×16×16", 10, 10)]
    [TestCase("strokes,samples=40,noise=0:test", 10, "1×16×16", 10, 10)]
    [TestCase("teacher", 1000, "10", 0, 1)]
    [TestCase("teacher,inputs=3,outputs=2,samples=7", 7, "3", 0, 2)]
    [TestCase("teacher,classes=4:test", 250, "10", 4, 4)]
    [TestCase("spirals,classes=5", 1000, "2", 5, 5)]
    [TestCase("line", 200, "1", 0, 1)]
    public void Each_makes_what_is_asked(string words, int count, string shape, int classes, int width)
    {
        var data = Dataset.Open(words);
        Assert.That(
            (data.Name, data.Count, data.Sample.ToString(), data.Classes, data.TargetWidth),
            Is.EqualTo((words, count, shape, classes, width)));
    }

    [Test]
    public void The_same_seed_gives_the_same_samples_and_another_others(
        [Values("strokes", "teacher", "teacher,classes=3", "spirals", "line")] string name)
    {
        Dataset one = Dataset.Open(name), again = Dataset.Open(name), other = Dataset.Open($"{name},seed=1");
        Assert.That(Inputs(again), Is.EqualTo(Inputs(one)));
        Assert.That(Targets(again), Is.EqualTo(Targets(one)));
        Assert.That(Inputs(other), Is.Not.EqualTo(Inputs(one)));
    }

    [Test]
    public void More_samples_begin_with_the_same_ones_and_the_splits_differ(
        [Values("strokes", "teacher", "spirals", "line")] string name)
    {
        float[] few = Inputs(Dataset.Open(name + ",samples=40")), more = Inputs(Dataset.Open(name + ",samples=80"));
        float[] test = Inputs(Dataset.Open(name + ",samples=160:test"));
        Assert.That(more[..few.Length], Is.EqualTo(few));
        Assert.That(test, Has.Length.EqualTo(few.Length).And.Not.EqualTo(few));
    }

    [Test]
    public void Strokes_are_the_same_to_the_last_bit_on_every_machine()
    {
        // Only arithmetic and square roots lie behind these pixels, which IEEE 754 fixes.
        var bytes = Inputs(Dataset.Open("strokes,samples=100")).Select(pixel => (byte)Math.Round(pixel * 255)).ToArray();
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], Is.EqualTo("8bb5827234d76060"));
    }

    [Test]
    public void Every_class_of_strokes_and_spirals_is_about_as_frequent([Values("strokes", "spirals,classes=10")] string name)
    {
        var data = Dataset.Open(name);
        var counts = data.Labels.ToArray().CountBy(label => label).ToDictionary();
        double expected = data.Count / 10.0;
        Assert.That(counts.Values, Has.Count.EqualTo(10).And.All.EqualTo(expected).Within(5 * Math.Sqrt(expected)));
    }

    [Test]
    public void Strokes_are_neither_blank_nor_cut_off()
    {
        var data = Dataset.Open("strokes,noise=0,samples=500");
        float[] pixels = Inputs(data);
        for (int i = 0; i < data.Count; i++)
        {
            var image = pixels.AsSpan(i * 256, 256).ToArray();
            double ink = image.Sum(), border = image.Where((_, at) => at < 16 || at >= 240 || at % 16 is 0 or 15).Sum();
            Assert.That(ink, Is.InRange(5, 120), $"sample {i}");
            Assert.That(border / ink, Is.LessThan(0.35), $"sample {i}");
        }
    }

    [Test]
    public void The_nearest_mean_tells_most_strokes_but_far_from_all()
    {
        Dataset train = Dataset.Open("strokes"), test = Dataset.Open("strokes:test");
        float[] known = Inputs(train), asked = Inputs(test);
        double[][] means = [.. Enumerable.Range(0, 10).Select(k => Mean(known, train.Labels, k))];
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            var image = asked.AsSpan(i * 256, 256).ToArray();
            var distances = means.Select(mean => mean.Zip(image, (a, b) => (a - b) * (a - b)).Sum()).ToList();
            right += distances.IndexOf(distances.Min()) == test.Labels[i] ? 1 : 0;
        }

        Assert.That((double)right / test.Count, Is.InRange(0.6, 0.95));
    }

    [Test]
    public void A_line_without_noise_is_one()
    {
        var data = Dataset.Open("line,slope=3,intercept=1,noise=0");
        Assert.That(Targets(data), Is.EqualTo(Inputs(data).Select(x => (3 * x) + 1)).Within(1e-6));
    }

    [Test]
    public void A_teacher_answers_the_same_question_alike_in_both_splits()
    {
        // One hidden unit: y is a multiple of relu(a · x) for one direction a, so all inactive samples have y = 0 exactly.
        var test = Dataset.Open("teacher,inputs=1,width=1:test");
        var train = Dataset.Open("teacher,inputs=1,width=1");
        float Slope(Dataset data) => Inputs(data).Zip(Targets(data)).Where(pair => pair.Second != 0)
            .Select(pair => pair.Second / pair.First).Average();
        Assert.That(Slope(test), Is.EqualTo(Slope(train)).Within(1e-5));
    }

    [TestCase("line,slope", "'slope' is not a parameter")]
    [TestCase("line,slope=1,slope=2", "each key once")]
    [TestCase("line,colour=1", "no parameter 'colour'", "slope, intercept, noise, samples")]
    [TestCase("line,samples=0", "samples is '0'", "from 1 to 10000000")]
    [TestCase("line,samples=1.5", "samples is '1.5'", "a whole number")]
    [TestCase("line,noise=-1", "noise is '-1'")]
    [TestCase("line,noise=NaN", "noise is 'NaN'")]
    [TestCase("line,noise=x", "noise is 'x'")]
    [TestCase("strokes,samples=10000000", "10000000")]
    [TestCase("teacher,inputs=100000,samples=10000000", "values")]
    public void Parameters_that_make_no_sense_are_refused(string words, params string[] reasons) =>
        Refused.With(() => Dataset.Open(words), [words, .. reasons]);

    private static float[] Inputs(Dataset data)
    {
        float[] inputs = new float[data.Count * data.Sample.Size];
        data.CopyInputs<float>(0, data.Count, inputs);
        return inputs;
    }

    private static float[] Targets(Dataset data)
    {
        float[] targets = new float[data.Count * data.TargetWidth];
        data.CopyTargets<float>(0, data.Count, targets);
        return targets;
    }

    private static double[] Mean(float[] images, ReadOnlySpan<int> labels, int label)
    {
        double[] mean = new double[256];
        int count = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == label)
            {
                count++;
                for (int p = 0; p < 256; p++)
                {
                    mean[p] += images[(i * 256) + p];
                }
            }
        }

        return Array.ConvertAll(mean, sum => sum / count);
    }
}
