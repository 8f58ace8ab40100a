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

    /// <summary>What is shown of work that lasts until it shows <paramref name="awaited"/>, or that long.</summary>
    private static string Show(bool quiet, bool interactive, TimeSpan longest, string awaited)
    {
        using var text = new StringWriter();
        var shared = TextWriter.Synchronized(text);
        using (var display = new ProgressDisplay(new Terminal(TextWriter.Null, shared, interactive, CancellationToken.None), quiet))
        {
            display.Begin("training").Report(0.25);
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
}
