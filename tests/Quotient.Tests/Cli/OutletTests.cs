using System.Text;
using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

public class OutletTests
{
    [Test]
    public void Nothing_that_steers_a_terminal_passes_by_any_way_of_writing()
    {
        using var text = new StringWriter();
        using var outlet = new Outlet(text);
        outlet.Write("\e[31m");
        outlet.Write('\a');
        outlet.Write("\u202e\u200b".ToCharArray());
        outlet.Write("\u009b\u007f".AsSpan());
        outlet.Write("{0}", "\r");
        outlet.WriteLine((object)"\u2028");
        outlet.WriteLine("± 😀");
        Assert.That(text.ToString(), Is.EqualTo($"?[31m??????{Environment.NewLine}± 😀{Environment.NewLine}"));
    }

    [Test]
    public void Lines_stay_lines()
    {
        using var text = new StringWriter();
        using var outlet = new Outlet(text);
        outlet.WriteLine("a\nb\r\nc");
        Assert.That(text.ToString().Split(Environment.NewLine), Is.EqualTo(new[] { "a", "b", "c", "" }));
    }

    [Test]
    public void The_first_failure_is_kept_and_nothing_follows_it()
    {
        using var full = new FullDisk();
        using var outlet = new Outlet(full);
        outlet.WriteLine("one");
        outlet.WriteLine("two");
        outlet.Flush();
        Assert.That(outlet.Failure, Is.TypeOf<IOException>());
        Assert.That(full.Attempts, Is.EqualTo(1));
    }

    /// <summary>A stream on a disk without space.</summary>
    private sealed class FullDisk : TextWriter
    {
        public int Attempts { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new NotSupportedException();

        public override void Write(string? value)
        {
            Attempts++;
            throw new IOException("no space");
        }
    }
}
