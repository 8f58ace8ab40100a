using System.Diagnostics;
using NUnit.Framework;
using Quotient.Files;

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

    [TestCase("--model {}/net --data strokes --json {}/link/net", "--model")]
    [TestCase("--model {}/link/net --data strokes --json {}/net", "--model")]
    [TestCase("--model m --data {}/link/data.csv[0:1] --csv {}/data.csv", "--data")]
    [TestCase("--model {}/net --data strokes --json {}/hard", "--model")]
    [TestCase("--model m --data {}/link/none --json {}/new --html {}/link/new", "--json")]
    public void An_output_is_known_under_every_name_of_its_file(string words, string other)
    {
        using var folder = new ScratchFolder();
        foreach (string name in new[] { "net", "data.csv" })
        {
            File.WriteAllText(folder.At(name), "precious");
        }

        Directory.CreateSymbolicLink(folder.At("link"), ".");
        Link(folder.At("net"), folder.At("hard"));
        CommandLine.Run($"evaluate {words}", folder.Path).IsOneClearSentence("which", other);
        Assert.That(File.ReadAllText(folder.At("net")), Is.EqualTo("precious"));
        Assert.That(File.Exists(folder.At("new")), Is.False);
    }

    [TestCase("train --arch 2-3 --data spirals --out {}/x --checkpoint {}/./x", "--checkpoint", "--out")]
    [TestCase("train --arch 2-3 --data spirals --out {}/x.start --checkpoint {}/x", "--out", "--checkpoint")]
    [TestCase("train --arch 2-3 --data {}/d.csv --out {}/d.csv", "--out", "--data")]
    [TestCase("train --arch 2-3 --data spirals --test {}/d.csv --out {}/x --csv {}/d.csv", "--csv", "--test")]
    [TestCase("product --model {}/m --data spirals --vector {}/d.csv --out {}/d.csv", "--out", "--vector")]
    [TestCase("demo --out {} --json {}/report.json", "--out", "--json")]
    public void Every_output_is_compared_with_every_other_file(string line, params string[] options)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.At("d.csv"), "1,2,0\n");
        CommandLine.Run(line, folder.Path).IsOneClearSentence(options);
        Assert.That(folder.Files, Is.EqualTo(new[] { "d.csv" }));
    }

    [Test]
    public void A_name_of_blanks_is_refused_before_the_work([Values("--json", "--out", "--checkpoint")] string option)
    {
        using var folder = new ScratchFolder();
        string[] files = option == "--out" ? [option, " "] : ["--out", folder.At("net"), option, " "];
        CommandLine.Invoke(["train", "--arch", "2-3", "--data", "spirals", "--epochs", "100000000", .. files]).IsOneClearSentence($"{option} is ' '");
        CommandLine.Invoke(["demo", "--out", " "]).IsOneClearSentence("--out is ' '");
    }

    [Test]
    public void A_checkpoint_leaves_room_for_the_file_beside_it()
    {
        using var folder = new ScratchFolder();
        string name = new('n', WholeFile.LongestName);
        CommandLine.Run($"train --arch 2-3 --data spirals --epochs 100000000 --out {{}}/x --checkpoint {{}}/{name}", folder.Path)
            .IsOneClearSentence("--checkpoint", ".start", "bytes");
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void What_killed_runs_left_is_removed_before_the_work()
    {
        using var folder = new ScratchFolder();
        string[] left = [$"x.{Guid.NewGuid():N}.tmp", $"x.start.{Guid.NewGuid():N}.tmp"];
        Array.ForEach(left, name => File.WriteAllText(folder.At(name), "half"));
        CommandLine.Run("train --arch 2-3 --data none --out {}/net --checkpoint {}/x", folder.Path).IsOneClearSentence("none");
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void The_files_of_a_named_set_are_read_and_so_no_output()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.At("mnist"));
        File.WriteAllText(folder.At("mnist", "train-images-idx3-ubyte.gz"), "data");
        CommandLine.Run("train --arch 2-3 --data mnist:train[0:10] --data-dir {} --out {}/mnist/train-images-idx3-ubyte.gz", folder.Path)
            .IsOneClearSentence("--out", "--data reads");
        Assert.That(File.ReadAllText(folder.At("mnist", "train-images-idx3-ubyte.gz")), Is.EqualTo("data"));
    }

    [Test]
    public void A_folder_of_outputs_is_no_other_output()
    {
        using var folder = new ScratchFolder();
        CommandLine.Run("demo --out {}/d --json {}/d", folder.Path).IsOneClearSentence("--out", "--json writes too");
        Assert.That(folder.Files, Is.Empty);
    }

    private static void Link(string file, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("this test links files with ln");
        }

        using var link = Process.Start("ln", [file, name]);
        link.WaitForExit();
    }
}
