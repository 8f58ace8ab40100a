using System.Text.Json;
using NUnit.Framework;

namespace Quotient.Tests.Cli;

/// <summary>Outputs that are no ordinary files: pipes, devices, standard streams.</summary>
public class StreamOutputTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [TestCase("mkfifo {}/pipe; cat {}/pipe > {}/got & quotient devices --no-test --quiet --json {}/pipe; wait")]
    [TestCase("mkfifo {}/pipe; ln -s pipe {}/link; cat {}/pipe > {}/got & quotient devices --no-test --quiet --json {}/link; wait")]
    [TestCase("quotient devices --no-test --quiet --json /dev/stdout > {}/got")]
    [TestCase("quotient devices --no-test --quiet --json /dev/stdout | cat > {}/got")]
    [TestCase("quotient devices --no-test --quiet --json /dev/stderr 2> {}/got")]
    [TestCase("{ quotient devices --no-test --json /dev/fd/3 3>&1 >/dev/null; } | cat > {}/got")]
    public void What_goes_by_is_written_to(string line)
    {
        var outcome = Shell.Run(line, _folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("got")));
        Assert.That(json.RootElement.GetProperty("report").GetString(), Is.EqualTo("devices"));
        Assert.That(_folder.Files, Is.SubsetOf(new[] { "got", "pipe", "link" }));
    }

    [Test]
    public void Text_follows_a_file_that_goes_the_same_way()
    {
        Shell.Run("quotient devices --no-test --json /dev/stdout > {}/got", _folder.Path);
        Assert.That(File.ReadAllText(_folder.At("got")), Does.Match(@"(?s)^\{.*\}\s+--device"));
    }

    [TestCase("quotient devices --no-test --quiet --json /dev/null", 0, "")]
    [TestCase("quotient devices --no-test --quiet --json /dev/full", 2, "'/dev/full'")]
    [TestCase("quotient devices --no-test --quiet --json /dev/stdout >&-", 2, "'/dev/stdout': it is closed")]
    [TestCase("quotient train --arch 2-3 --data spirals --epochs 1 --out /dev/null --checkpoint /dev/null", 2, "cannot be read again")]
    [TestCase("quotient train --arch 2-3 --data spirals --epochs 1 --out {}/net --checkpoint /dev/null", 2, "cannot be read again")]
    public void Devices_are_written_to_or_refused_with_true_words(string line, int code, string words)
    {
        var outcome = Shell.Run(line, _folder.Path);
        Assert.That(outcome.Code, Is.EqualTo(code), outcome.Error);
        Assert.That(outcome.Error, Does.Contain(words));
        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public void A_file_that_cannot_be_written_keeps_back_none_of_the_rest()
    {
        var outcome = Shell.Run("quotient devices --no-test --json /dev/full --csv {}/d.csv", _folder.Path);
        Assert.That(outcome.Code, Is.EqualTo(2));
        Assert.That(outcome.Error, Does.Match("^quotient: cannot write '/dev/full': .*\n$"));
        Assert.That(outcome.Output, Does.Contain("--device"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "d.csv" }));
    }

    [Test]
    public void Memory_that_looks_like_a_disk_holds_files()
    {
        if (!Directory.Exists("/dev/shm"))
        {
            Assert.Ignore("this system has no /dev/shm");
        }

        string file = $"/dev/shm/quotient-test-{Guid.NewGuid():N}.json";
        try
        {
            Assert.That(CommandLine.Run($"devices --no-test --quiet --json {file}").Code, Is.Zero);
            Assert.That(File.ReadAllText(file), Does.Contain("devices"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
