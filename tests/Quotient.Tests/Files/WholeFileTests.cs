using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using NUnit.Framework;
using Quotient.Files;

namespace Quotient.Tests.Files;

public class WholeFileTests
{
    private ScratchFolder _folder = null!;

    private static string Temporary => $".{Guid.NewGuid():N}.tmp";

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_is_replaced_keeps_its_permissions(UnixFileMode mode)
    {
        SkipOnWindows();
        File.WriteAllText(_folder.At("x"), "old");
        File.SetUnixFileMode(_folder.At("x"), mode);
        WholeFile.Write(_folder.At("x"), stream =>
        {
            string temporary = _folder.Files.Single(file => file != "x");
            Assert.That(File.GetUnixFileMode(_folder.At(temporary)), Is.EqualTo(mode), "nor is it ever more open");
            stream.WriteByte(1);
        });
        Assert.That(File.GetUnixFileMode(_folder.At("x")), Is.EqualTo(mode));
    }

    [Test]
    public void A_file_that_the_administrator_replaces_stays_its_owners()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            Assert.Ignore("only the administrator gives files to others");
        }

        File.WriteAllText(_folder.At("x"), "old");
        Assert.That(Output("chown", "1234:1235", _folder.At("x")), Is.Empty);
        WholeFile.WriteText(_folder.At("x"), "new");
        Assert.That(Output("stat", "-c", "%u:%g", _folder.At("x")), Is.EqualTo("1234:1235"));
    }

    [TestCase("link", "target")]
    [TestCase("dangling", "new")]
    [TestCase("twice", "target")]
    [TestCase("beside/target", "target")]
    public void A_link_stays_and_what_it_leads_to_is_replaced(string name, string target)
    {
        File.WriteAllText(_folder.At("target"), "old");
        File.CreateSymbolicLink(_folder.At("link"), "target");
        File.CreateSymbolicLink(_folder.At("dangling"), _folder.At("new"));
        File.CreateSymbolicLink(_folder.At("twice"), "beside/link");
        Directory.CreateSymbolicLink(_folder.At("beside"), ".");
        WholeFile.WriteText(_folder.At(name), "new");
        Assert.That(File.ReadAllText(_folder.At(target)), Is.EqualTo("new"));
        Assert.That(new FileInfo(_folder.At(target)).LinkTarget, Is.Null);
        Assert.That(new FileInfo(_folder.At(name.Split('/')[0])).LinkTarget, Is.Not.Null);
    }

    [Test]
    public void Links_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(_folder.At("a"), "b");
        File.CreateSymbolicLink(_folder.At("b"), "a");
        Assert.That(() => WholeFile.WriteText(_folder.At("a"), ""), Throws.TypeOf<QuotientException>().With.Message.Contains("back to itself"));
    }

    [Test]
    public void What_killed_runs_left_of_that_name_is_removed_by_the_next([Values] bool onlyChecked)
    {
        string[] kept = ["other" + Temporary, "x.mine.tmp", "x.tmp"];
        string[] left = ["x" + Temporary, "x" + Temporary];
        Array.ForEach([.. kept, .. left], name => File.WriteAllText(_folder.At(name), "half"));
        if (onlyChecked)
        {
            WholeFile.Check(_folder.At("x"));
        }
        else
        {
            WholeFile.WriteText(_folder.At("x"), "whole");
        }

        Assert.That(_folder.Files, Is.EqualTo(onlyChecked ? kept : [kept[0], "x", .. kept[1..]]));
    }

    [Test]
    public void What_another_run_is_writing_is_left_alone()
    {
        WholeFile.Write(_folder.At("x"), slow =>
        {
            slow.Write("slow"u8);
            slow.Flush();
            WholeFile.WriteText(_folder.At("x"), "fast");
            Assert.That(_folder.Files, Has.Length.EqualTo(2), "the slow one's and the fast one's");
        });
        Assert.That(File.ReadAllText(_folder.At("x")), Is.EqualTo("slow"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void Many_may_write_one_name_at_once()
    {
        Parallel.For(0, 300, new() { MaxDegreeOfParallelism = 8 }, i => WholeFile.WriteText(_folder.At("x"), $"number {i % 8}"));
        Assert.That(File.ReadAllText(_folder.At("x")), Does.Match("^number [0-7]$"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void A_process_that_ends_by_force_removes_its_own_and_nothing_else()
    {
        string other = "x" + Temporary;
        Assert.That(() => WholeFile.Write(_folder.At("x"), _ =>
        {
            File.WriteAllText(_folder.At(other), "of another process");
            WholeFile.RemoveUnfinished();
            Assert.That(_folder.Files, Is.EqualTo(new[] { other }));
        }), Throws.TypeOf<QuotientException>().With.Message.Not.Contains(".tmp"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { other }));
    }

    [Test]
    public void A_file_that_could_not_be_finished_leaves_the_old_one()
    {
        File.WriteAllText(_folder.At("x"), "old");
        Assert.That(() => WholeFile.Write(_folder.At("x"), stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes("half"));
            throw new IOException("the disk is full");
        }), Throws.TypeOf<QuotientException>().With.Message.EqualTo("the disk is full"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "x" }));
        Assert.That(File.ReadAllText(_folder.At("x")), Is.EqualTo("old"));
    }

    private static string Output(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }

    private static void SkipOnWindows()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("this system has other permissions");
        }
    }
}
