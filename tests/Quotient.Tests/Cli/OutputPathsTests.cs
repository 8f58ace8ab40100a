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
        Assert.That(CommandLine.Run("devices --quiet --json {}/x.json", folder.Path).Code, Is.Zero);
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
