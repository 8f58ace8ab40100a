using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

public class OutputPathsTests
{
    [Test]
    public void A_missing_folder_is_named()
    {
        using var folder = new ScratchFolder();
        CommandLine.Run("devices --json {}/none/x.json", folder.Path).IsOneClearSentence("--json", "none", "does not exist");
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void A_folder_is_not_a_file_to_write([Values("{}", "{}/new/")] string path)
    {
        using var folder = new ScratchFolder();
        CommandLine.Run($"devices --html {path}", folder.Path).IsOneClearSentence("--html", "folder");
    }

    [TestCase("gradient --model {}/m.safetensors --data strokes --out")]
    [TestCase("devices --json")]
    [TestCase("demo --out")]
    public void A_name_that_is_too_long_is_refused_before_the_work(string line)
    {
        using var folder = new ScratchFolder();
        string error = CommandLine.Run($"{line} {{}}/{new string('n', 260)}", folder.Path).Error;
        Assert.That(error, Does.Contain("260 bytes; it must have at most 2").And.Not.Contain(".tmp"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void The_longest_name_allowed_can_be_written()
    {
        using var folder = new ScratchFolder();
        string name = new('n', WholeFile.LongestName);
        Assert.That(CommandLine.Run($"devices --no-test --quiet --json {{}}/{name}", folder.Path).Code, Is.Zero);
        Assert.That(folder.Files, Is.EqualTo(new[] { name }));
    }

    [TestCase("--model", "", "it must name a file to read")]
    [TestCase("--model", ".", "which is a folder; it must name a file to read")]
    [TestCase("--data", "", "it must name a data set or a file to read")]
    [TestCase("--data", ".", "which is a folder; it must name a data set or a file to read")]
    [TestCase("--vector", "", "it must name a file to read")]
    public void An_input_without_a_file_is_refused_at_once(string option, string value, string words)
    {
        using var folder = new ScratchFolder();
        string Given(string name, string file) => name == option ? value : file;
        string[] line =
        [
            "product", "--model", Given("--model", "m"), "--data", Given("--data", "strokes"), "--vector",
            Given("--vector", "v"), "--out", folder.At("out.npy"),
        ];
        CommandLine.Invoke(line).IsOneClearSentence($"{option} is '{value}'", words);
    }

    [Test]
    public void A_device_file_is_not_replaced()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("device files live in /dev, which this system has not");
        }

        CommandLine.Run("devices --json /dev/null").IsOneClearSentence("--json", "/dev/null");
    }

    [Test]
    public void Two_outputs_need_two_names()
    {
        using var folder = new ScratchFolder();
        CommandLine.Run("devices --json {}/x --html {}/./x", folder.Path).IsOneClearSentence("--html", "--json");
    }

    [Test]
    public void An_output_never_overwrites_an_input()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.At("net.safetensors"), "precious");
        CommandLine.Run("gradient --model {}/net.safetensors --data strokes --out {}/net.safetensors", folder.Path)
            .IsOneClearSentence("--out", "--model");
        Assert.That(File.ReadAllText(folder.At("net.safetensors")), Is.EqualTo("precious"));
    }

    [Test]
    public void An_output_never_overwrites_the_data_even_through_a_link_or_with_a_selection()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.At("data.csv"), "1,2,0\n");
        File.CreateSymbolicLink(folder.At("link.json"), folder.At("data.csv"));
        CommandLine.Run("spectrum --model {}/m.safetensors --data {}/data.csv:train[0:1] --json {}/link.json", folder.Path)
            .IsOneClearSentence("--json", "--data");
        Assert.That(File.ReadAllText(folder.At("data.csv")), Is.EqualTo("1,2,0\n"));
    }

    [Test]
    public void What_a_run_ended_by_force_left_is_removed_and_nothing_else()
    {
        using var folder = new ScratchFolder();
        Assert.That(CommandLine.Run("devices --no-test --quiet --json {}/x.json", folder.Path).Code, Is.Zero);
        string name = Guid.NewGuid().ToString("N");
        File.WriteAllText(folder.At($"x.json.{name}.tmp"), "half");
        string[] kept = [$"other.{name}.tmp", "x.json", "x.json.mine.tmp", "x.json.tmp"];
        foreach (string file in kept)
        {
            File.WriteAllText(folder.At(file), "kept");
        }

        OutputPaths.RemoveUnfinished();
        Assert.That(folder.Files, Is.EqualTo(kept));
    }
}
