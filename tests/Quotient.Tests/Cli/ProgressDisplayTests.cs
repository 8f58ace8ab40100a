using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

public class ProgressDisplayTests
{
    [Test]
    public void Short_work_shows_nothing() => Assert.That(Show(TimeSpan.Zero, false, false), Is.Empty);

    [Test]
    public void Long_work_in_a_log_shows_the_share_done_and_the_time_left() =>
        Assert.That(Show(TimeSpan.FromSeconds(1.3), false, false), Does.Match(@"^training: 25\s?% done, time left 00:00:0\d\r?\n$"));

    [Test]
    public void Quiet_shows_nothing_however_long() => Assert.That(Show(TimeSpan.FromSeconds(1.3), true, false), Is.Empty);

    [Test]
    public void A_screen_gets_a_bar_that_is_taken_away_at_the_end() =>
        Assert.That(Show(TimeSpan.FromSeconds(1.6), false, true), Does.Contain("training").And.Contain("25%"));

    private static string Show(TimeSpan work, bool quiet, bool interactive)
    {
        using var text = new StringWriter();
        using (var display = new ProgressDisplay(new Terminal(TextWriter.Null, text, interactive, CancellationToken.None), quiet))
        {
            display.Begin("training").Report(0.25);
            Thread.Sleep(work);
        }

        return text.ToString();
    }
}
