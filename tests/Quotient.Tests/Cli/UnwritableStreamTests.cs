using NUnit.Framework;

namespace Quotient.Tests.Cli;

/// <summary>Streams that are closed, and disks that are full: work goes on, and files are written.</summary>
public class UnwritableStreamTests
{
    /// <summary>Long enough for a line of progress, which is shown after a second.</summary>
    private const string Work = "quotient train --arch 2-64-64-3 --data 'spirals[0:200]' --epochs 400 --batch 1 --device cpu --threads 1 --out {}/net";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void Progress_that_cannot_be_written_does_not_end_the_work([Values("2>/dev/full", "2>&-")] string redirection)
    {
        var outcome = Run($"{Work} {redirection}");
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        Assert.That(outcome.Output, Does.Contain("steps in"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "net" }));
    }

    [Test]
    public void Results_that_cannot_be_written_are_one_sentence_and_the_files_are_there(
        [Values(">/dev/full", ">&-")] string redirection)
    {
        Run($"quotient devices --no-test --json {{}}/d.json {redirection}").IsOneClearSentence("standard output cannot be written");
        Assert.That(_folder.Files, Is.EqualTo(new[] { "d.json" }));
    }

    [TestCase("quotient --help >/dev/full")]
    [TestCase("quotient --version >&-")]
    public void A_page_that_cannot_be_written_is_one_sentence(string line) => Run(line).IsOneClearSentence("standard output cannot be written");

    [TestCase("quotient --bogus 2>/dev/full", 2)]
    [TestCase("quotient --bogus >&- 2>&-", 2)]
    [TestCase("quotient devices --no-test <&- >&- 2>&-", 2)]
    [TestCase("quotient devices --no-test --quiet <&- >&- 2>&-", 0)]
    public void A_sentence_that_cannot_be_written_leaves_the_exit_code(string line, int code) => Assert.That(Run(line).Code, Is.EqualTo(code));

    [Test]
    public void A_reader_that_has_seen_enough_is_no_error()
    {
        // The exit code of a pipe's first command, in any shell.
        var outcome = Run("{ quotient devices --no-test --json {}/d.json; echo $? >{}/code; } | true");
        Assert.That(File.ReadAllText(_folder.At("code")).Trim(), Is.EqualTo("0"), outcome.Error);
        Assert.That(_folder.Files, Does.Contain("d.json"));
    }

    private Outcome Run(string line) => Shell.Run(line, _folder.Path);
}
