using NUnit.Framework;
using Quotient.Data.Published;

namespace Quotient.Tests.Data;

/// <summary>What servers send that is not the file, and how downloads end then.</summary>
public class DownloadServerTests : ToyDownloads
{
    [Test]
    public void A_file_with_another_hash_is_refused()
    {
        byte[] other = [.. Body[..^1], 1];
        using var server = new LoopbackServer(context => Send(context, other));
        AssertNothingLeft(Options(server.Address), $"{server.Address}/toy/toy.csv sent a file that has the SHA-256 {Hash(other)}", Hash(Body));
    }

    [TestCase(1)]
    [TestCase(-1)]
    public void A_file_of_another_length_is_refused_before_it_is_sent(int more)
    {
        using var end = new ManualResetEventSlim();
        using var server = new LoopbackServer(context => SendPart(context, end, Body.Length + more));
        AssertNothingLeft(
            Options(server.Address), FormattableString.Invariant($"sent a file that has {Body.Length + more} bytes, expected {Body.Length}"));
        end.Set();
    }

    [Test]
    public void A_body_without_end_is_read_no_further_than_the_file_is_long()
    {
        long sent = 0;
        using var gone = new ManualResetEventSlim();
        using var server = new LoopbackServer(context =>
        {
            context.Response.SendChunked = true;
            byte[] part = new byte[1 << 16];
            try
            {
                for (; sent < 1L << 30; sent += part.Length)
                {
                    context.Response.OutputStream.Write(part);
                }
            }
            finally
            {
                gone.Set();
            }
        });
        AssertNothingLeft(Options(server.Address), $"sent more than the {Body.Length} bytes of the file");
        Assert.That(gone.Wait(TimeSpan.FromSeconds(30)), "the connection is closed");
        Assert.That(sent, Is.LessThan(1L << 30));
    }

    [Test]
    public void A_body_without_a_length_that_is_too_short_is_refused()
    {
        using var server = new LoopbackServer(context =>
        {
            context.Response.SendChunked = true;
            context.Response.OutputStream.Write(Body.AsSpan(1));
        });
        AssertNothingLeft(Options(server.Address), FormattableString.Invariant($"has {Body.Length - 1} bytes, expected {Body.Length}"));
    }

    [Test]
    public void A_body_that_breaks_off_is_refused()
    {
        using var server = new LoopbackServer(context =>
        {
            context.Response.ContentLength64 = Body.Length;
            context.Response.OutputStream.Write(Body.AsSpan(0, 100_000));
            context.Response.OutputStream.Flush();
            context.Response.Abort();
        });
        AssertNothingLeft(Options(server.Address), "toy.csv broke off");
    }

    [Test]
    public void A_server_that_lacks_the_file_is_named()
    {
        using var server = new LoopbackServer(context => context.Response.StatusCode = 404);
        AssertNothingLeft(Options(server.Address), $"{server.Address}/toy/toy.csv answered 404 Not Found");
    }

    [Test]
    public void A_server_that_is_down_is_named()
    {
        string address = $"http://127.0.0.1:{LoopbackServer.FreePort()}";
        AssertNothingLeft(Options(address), $"{address}/toy/toy.csv cannot be reached");
    }

    [Test]
    public void A_server_that_falls_silent_is_given_up()
    {
        using var end = new ManualResetEventSlim();
        using var server = new LoopbackServer(context => SendPart(context, end));
        AssertNothingLeft(Options(server.Address) with { Patience = TimeSpan.FromSeconds(0.5) }, "sent less than 16384 bytes in 0.5 seconds");
        end.Set();
    }

    [Test]
    public void A_server_that_drips_is_given_up()
    {
        using var server = new LoopbackServer(context =>
        {
            context.Response.ContentLength64 = Body.Length;
            for (int i = 0; i < Body.Length; i++)
            {
                context.Response.OutputStream.Write(Body.AsSpan(i, 1));
                context.Response.OutputStream.Flush();
                Thread.Sleep(10);
            }
        });
        AssertNothingLeft(Options(server.Address) with { Patience = TimeSpan.FromSeconds(0.5) }, "sent less than 16384 bytes in 0.5 seconds");
    }

    [Test]
    public void What_a_server_answers_does_not_steer_the_terminal()
    {
        using var server = new RawServer("HTTP/1.1 404 No \e[31mred\e]0;x\a\r\nContent-Length: 0\r\n\r\n");
        AssertNothingLeft(Options(server.Address), "answered 404 No ?[31mred?]0;x?");
        using var other = new RawServer("\e[31mno HTTP\a\r\n\r\n");
        AssertNothingLeft(Options(other.Address), "cannot be reached", "?[31mno HTTP?");
    }

    [Test]
    public void A_server_may_send_on_to_another_address()
    {
        using var server = new LoopbackServer(context =>
        {
            if (context.Request.Url!.AbsolutePath == "/elsewhere")
            {
                Send(context, Body);
                return;
            }

            context.Response.StatusCode = 302;
            context.Response.RedirectLocation = "/elsewhere";
        });
        Assert.That(Open(Options(server.Address)).Count, Is.EqualTo(5000));
    }

    [Test]
    public void A_server_that_sends_on_for_ever_is_given_up()
    {
        using var server = new LoopbackServer(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.RedirectLocation = context.Request.Url!.AbsolutePath + "+";
        });
        AssertNothingLeft(Options(server.Address), "sends on to another address more than 10 times");
    }

    [TestCase("file:///etc/passwd")]
    [TestCase("ftp://127.0.0.1/x")]
    [TestCase("http://[")]
    [TestCase("gopher:\e[31m")]
    [TestCase(null)]
    public void A_server_may_not_send_on_to_a_file_or_to_what_is_no_address(string? location)
    {
        string line = location is null ? "" : $"Location: {location}\r\n";
        using var server = new RawServer($"HTTP/1.1 302 Found\r\n{line}Content-Length: 0\r\n\r\n");
        AssertNothingLeft(Options(server.Address), "toy.csv sends on to '", "', which is no https address");
    }

    [TestCase("https://a/x", "http://a/x", false)]
    [TestCase("https://a/x", "https://b/y", true)]
    [TestCase("https://a/x", "y", true)]
    [TestCase("https://a/x", "file:///y", false)]
    [TestCase("http://a/x", "http://b/y", true)]
    [TestCase("http://a/x", "https://b/y", true)]
    public void Nobody_is_sent_from_https_to_what_is_not(string asked, string location, bool isFollowed)
    {
        var to = new Uri(location, UriKind.RelativeOrAbsolute);
        Assert.That(
            () => Download.Next(new(asked), to), isFollowed ? Is.EqualTo(new Uri(new(asked), to)) : Throws.InstanceOf<DownloadException>());
    }
}
