using System.Text;
using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

public class ProgressDisplayTests
{
    [Test]
    public void Short_work_shows_nothing() => Assert.That(Show(false, false, TimeSpan.Zero, ""), Is.Empty);

    [Test]
    public void Quiet_shows_nothing_however_long() => Assert.That(Show(true, false, TimeSpan.FromSeconds(1.5), "training"), Is.Empty);

    [Test]
    public void Long_work_in_a_log_shows_the_share_done_and_the_time_left() =>
        Assert.That(
            Show(false, false, TimeSpan.FromSeconds(30), "left"),
            Does.Match(@"^training: 25\s?% done, time left \d\d:\d\d:\d\d\r?\n"));

    [Test]
    public void A_screen_gets_the_stage_and_the_share_done() =>
        Assert.That(Show(false, true, TimeSpan.FromSeconds(30), "25%"), Does.Contain("training").And.Contain("25%"));

    [Test]
    public void A_stage_with_a_hostile_name_steers_neither_screen_nor_log([Values] bool interactive) => Assert.That(
        Show(false, interactive, TimeSpan.FromSeconds(30), "name", "name\e]0;owned\a\u009b[red]\u202e\n"),
        Does.Contain("name").And.Not.Contain("\e]").And.Not.Contain("\a").And.Not.Contain("\u009b").And.Not.Contain("\u202e"));

    [Test]
    public void Whatever_goes_wrong_in_showing_does_not_end_the_process([Values] bool interactive)
    {
        using var broken = new BrokenStream();
        using (var display = new ProgressDisplay(new Terminal(TextWriter.Null, broken, interactive, CancellationToken.None), quiet: false))
        {
            display.Begin("training");
            Assert.That(SpinWait.SpinUntil(() => broken.IsAsked, TimeSpan.FromSeconds(30)));
        }
    }

    /// <summary>What is shown of work that lasts until it shows <paramref name="awaited"/>, or that long.</summary>
    private static string Show(bool quiet, bool interactive, TimeSpan longest, string awaited, string stage = "training")
    {
        using var text = new StringWriter();
        var shared = TextWriter.Synchronized(text);
        using (var display = new ProgressDisplay(new Terminal(TextWriter.Null, shared, interactive, CancellationToken.None), quiet))
        {
            display.Begin(stage).Report(0.25);
            SpinWait.SpinUntil(() => Shown().Contains(awaited), longest);
        }

        return text.ToString();

        string Shown()
        {
            Thread.Sleep(20);
            lock (shared)
            {
                return text.ToString();
            }
        }
    }

    /// <summary>Fails in a way that nobody foresaw.</summary>
    private sealed class BrokenStream : TextWriter
    {
        public bool IsAsked { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Fail();

        public override void Write(string? value) => Fail();

        private void Fail()
        {
            IsAsked = true;
            throw new InvalidOperationException("broken");
        }
    }
}
