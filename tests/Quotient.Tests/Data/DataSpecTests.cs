using NUnit.Framework;
using Quotient.Data;

namespace Quotient.Tests.Data;

public class DataSpecTests
{
    [TestCase("mnist", "mnist", null, 0, null)]
    [TestCase("mnist:test", "mnist", "test", 0, null)]
    [TestCase(" mnist:train[0:2000] ", "mnist", "train", 0, 2000)]
    [TestCase("line[:5]", "line", null, 0, 5)]
    [TestCase("line[5:]", "line", null, 5, null)]
    [TestCase("line[:]", "line", null, 0, null)]
    [TestCase("a folder/file[1].npz[2:3]", "a folder/file[1].npz", null, 2, 3)]
    [TestCase("file.npz:train[2:3]", "file.npz", "train", 2, 3)]
    [TestCase(@"C:\data\file.csv", @"C:\data\file.csv", null, 0, null)]
    [TestCase("teacher,inputs=3:test", "teacher,inputs=3", "test", 0, null)]
    public void Words_are_taken_apart(string words, string source, string? split, int first, int? end) =>
        Assert.That(DataSpec.Parse(words), Is.EqualTo(new DataSpec(words.Trim(), source, split, new(first, end))));

    [TestCase("", "not understood")]
    [TestCase("mnist:", "not understood")]
    [TestCase("[0:5]", "not understood")]
    [TestCase("mnist]", "no '['")]
    [TestCase("mnist[5]", "[first:end]")]
    [TestCase("mnist[0:5:2]", "[first:end]")]
    [TestCase("mnist[-5:]", "'-5'")]
    [TestCase("mnist[0:x]", "'x'")]
    [TestCase("mnist[0:99999999999]", "'99999999999'")]
    [TestCase("mnist[0:1.5]", "'1.5'")]
    public void Words_that_make_no_sense_are_refused(string words, string reason) =>
        Refused.With(() => Dataset.Open(words), $"'{words}'", reason);

    [TestCase("line[0:201]", "0 to 200", "only 200")]
    [TestCase("line[200:]", "only 200")]
    [TestCase("line[500:600]", "only 200")]
    [TestCase("line[7:7]", "no samples")]
    [TestCase("line[9:7]", "no samples", "9 is not below 7")]
    public void Samples_that_do_not_exist_cannot_be_selected(string words, params string[] reasons) =>
        Refused.With(() => Dataset.Open(words), [words, .. reasons]);

    [TestCase("minst", "'minst' is unknown", "fashion-mnist", "strokes", ".npz")]
    [TestCase("file.txt", "'file.txt' is unknown")]
    [TestCase("mnist:validation", "'validation'", "train, test")]
    [TestCase("strokes:validation", "'validation'", "train, test")]
    [TestCase("nowhere.npz", "'nowhere.npz' does not exist")]
    [TestCase("nowhere.csv[0:5]", "'nowhere.csv' does not exist")]
    [TestCase("nowhere.csv:train", "no splits")]
    public void Data_that_do_not_exist_are_refused(string words, params string[] reasons) =>
        Refused.With(() => Dataset.Open(words), reasons);

    [Test]
    public void A_selection_is_a_part_of_the_whole()
    {
        var whole = Dataset.Open("spirals");
        var part = Dataset.Open("spirals[100:250]");
        double[] all = new double[whole.Count * 2], some = new double[150 * 2];
        whole.CopyInputs<double>(0, whole.Count, all);
        part.CopyInputs<double>(0, part.Count, some);
        Assert.That(part.Name, Is.EqualTo("spirals[100:250]"));
        Assert.That(some, Is.EqualTo(all[200..500]));
        Assert.That(part.Labels.ToArray(), Is.EqualTo(whole.Labels[100..250].ToArray()));
    }
}
