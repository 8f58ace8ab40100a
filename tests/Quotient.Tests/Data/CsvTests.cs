using System.Text;
using NUnit.Framework;

namespace Quotient.Tests.Data;

public class CsvTests
{
    [Test]
    public void A_last_column_of_whole_numbers_is_the_class()
    {
        var data = Open("width,height,kind\r\n1.5,-2e3,0\r\n\r\n 3 , 4 ,2\r\n5,6,1\r\n");
        double[] inputs = new double[6];
        data.CopyInputs<double>(0, 3, inputs);
        Assert.That(inputs, Is.EqualTo(new[] { 1.5, -2000, 3, 4, 5, 6 }));
        Assert.That(data.Labels.ToArray(), Is.EqualTo(new[] { 0, 2, 1 }));
        Assert.That((data.Classes, data.Sample.Size), Is.EqualTo((3, 2)));
    }

    [Test]
    public void A_last_column_of_reals_is_the_target()
    {
        var data = Open("\ufeff1,2,0.5\n3,4,-1");
        double[] targets = new double[2];
        data.CopyTargets<double>(0, 2, targets);
        Assert.That(targets, Is.EqualTo(new[] { 0.5, -1 }));
        Assert.That((data.Classes, data.TargetWidth), Is.EqualTo((0, 1)));
    }

    [Test]
    public void One_class_counts_as_two() => Assert.That(Open("1,0\n2,0\n").Classes, Is.EqualTo(2));

    [TestCase("", "no lines of numbers")]
    [TestCase("a,b\n", "no lines of numbers")]
    [TestCase("1\n2\n", "one column")]
    [TestCase("1,2\n1,2,3\n", "line 2 has 3 columns, expected 2 as in line 1")]
    [TestCase("a,b\n\n1,2\n1\n", "line 4 has 1 columns, expected 2 as in line 3")]
    [TestCase("1,2\n3,x\n", "line 2, column 2 is 'x'")]
    [TestCase("1,x\n3,4\n", "line 1, column 2 is 'x'")]
    [TestCase("1,2\n,4\n", "line 2, column 1 is ''")]
    [TestCase("1,2\nNaN,4\n", "line 2, column 1 is 'NaN'")]
    [TestCase("1,2\n1e999,4\n", "line 2, column 1 is '1e999'")]
    [TestCase("1,2\n3,-1\n", "class in line 2 is -1")]
    [TestCase("1,2\n3,70000\n", "class in line 2 is 70000")]
    [TestCase("1,2\n3,\u0007\n", "'?'")]
    public void What_is_wrong_is_said_with_its_line(string text, string reason) =>
        Refused.With(() => Open(text), "data.csv", reason);

    private static Dataset Open(string text)
    {
        using var folder = new ScratchFolder();
        return Dataset.Open(folder.Write("data.csv", Encoding.UTF8.GetBytes(text)));
    }
}
