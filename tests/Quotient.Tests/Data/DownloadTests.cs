using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Data.Formats;
using Quotient.Data.Published;

namespace Quotient.Tests.Data;

public class DownloadTests
{
    private static readonly byte[] Body = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 5000).Select(i => string.Concat(Enumerable.Repeat($"{i % 17},", 64)) + $"{i % 10}\n")));

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_set_is_downloaded_once_with_progress_and_then_found()
    {
        using var server = new LoopbackServer(context => Send(context, Body));
        var steps = new Steps(_ => { });
        var options = Options(server.Address);
        Assert.That(Open(options, steps).Count, Is.EqualTo(5000));
        Assert.That(Open(options).Origin, Is.EqualTo($"toy.csv in {_folder.At("toy")}"));
        Assert.That(server.Requests, Is.EqualTo(1));
        Assert.That(_folder.Files, Is.EqualTo(new[] { Path.Combine("toy", "toy.csv") }));
        Assert.That(steps.Seen[0], Is.EqualTo(new DownloadProgress("toy.csv", 0, Body.Length)));
        Assert.That(steps.Seen[^1], Is.EqualTo(new DownloadProgress("toy.csv", Body.Length, Body.Length)));
        Assert.That(steps.Seen.Select(step => step.Received), Is.Ordered.Ascending);
    }

    [Test]
    public void Opening_returns_before_a_download_has_ended()
    {
        using var asked = new ManualResetEventSlim();
        using var answer = new ManualResetEventSlim();
        using var server = new LoopbackServer(context =>
        {
            asked.Set();
            answer.Wait(TimeSpan.FromSeconds(30));
            Send(context, Body);
        });
        var opening = Toy().OpenAsync(DataSpec.Parse("toy"), Options(server.Address), null, default);
        Assert.That(asked.Wait(TimeSpan.FromSeconds(30)));
        Assert.That(opening.IsCompleted, Is.False);
        answer.Set();
        Assert.That(opening.GetAwaiter().GetResult().Count, Is.EqualTo(5000));
    }

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

    [Test]
    public void Published_sets_are_asked_for_by_https() => Assert.That(
        Catalogue.Names.SelectMany(name => Catalogue.Find(name)!.Addresses), Has.All.StartsWith("https://").And.All.EndsWith("/"));

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
    public void What_killed_downloads_have_left_is_removed_and_what_is_being_written_is_not()
    {
        using var server = new LoopbackServer(context => Send(context, Body));
        string left = $".toy.csv.{Guid.NewGuid():N}.part";
        _folder.Write($"toy/{left}", [1, 2]);
        _folder.Write("toy/.mine.part", [1]);
        using var living = new TemporaryFile(_folder.At("toy", "other.csv"));
        Open(Options(server.Address));
        Assert.That(_folder.Files.Select(Path.GetFileName), Has.None.EqualTo(left).And.Some.EqualTo(".mine.part"));
        living.Stream.WriteByte(1);
        living.Keep();
        Assert.That(File.ReadAllBytes(_folder.At("toy", "other.csv")), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void A_download_can_be_cancelled_at_once()
    {
        using var end = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        using var server = new LoopbackServer(context => SendPart(context, end));
        var steps = new Steps(step =>
        {
            if (step.Received > 0)
            {
                cancel.Cancel();
            }
        });
        Assert.That(() => Open(Options(server.Address), steps, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_folder.Files, Is.Empty);
        end.Set();
    }

    [Test]
    public void Downloads_that_race_all_succeed_and_leave_one_file()
    {
        using var all = new Barrier(3);
        using var server = new LoopbackServer(context =>
        {
            // None is answered before all have asked: all three write at the same time.
            all.SignalAndWait(TimeSpan.FromSeconds(30));
            Send(context, Body);
        });
        var counts = new ConcurrentBag<int>();
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() => counts.Add(Open(Options(server.Address)).Count))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.That(counts, Is.EqualTo(new[] { 5000, 5000, 5000 }));
        Assert.That(server.Requests, Is.EqualTo(3));
        Assert.That(_folder.Files, Is.EqualTo(new[] { Path.Combine("toy", "toy.csv") }));
    }

    [Test]
    public void The_next_address_is_tried_when_one_fails()
    {
        using var server = new LoopbackServer(context => Send(context, Body));
        var set = Toy() with { Addresses = [$"http://127.0.0.1:{LoopbackServer.FreePort()}/", $"{server.Address}/somewhere/"] };
        Assert.That(Open(set, Options(null)).Count, Is.EqualTo(5000));
    }

    [Test]
    public void Files_are_taken_out_of_an_archive()
    {
        byte[] archive = Tar(("toy-1/readme.txt", "hello"u8.ToArray()), ("toy-1/toy.csv", Body), ("toy-1/other.csv", Body));
        using var server = new LoopbackServer(context => Send(context, archive));
        var set = Toy() with { Archive = new("toy.tar.gz", archive.Length, Hash(archive)) };
        Assert.That(Open(set, Options(server.Address)).Count, Is.EqualTo(5000));
        Assert.That(_folder.Files, Is.EqualTo(new[] { Path.Combine("toy", "toy.csv") }));
    }

    [Test]
    public void An_archive_that_lacks_a_file_or_holds_another_is_refused()
    {
        foreach (var (name, body, reason) in new[]
        {
            ("toy/readme.txt", Body, "toy.tar.gz does not hold toy.csv"),
            ("toy/toy.csv", [.. Body[..^1], 1], "toy.csv in toy.tar.gz: has the SHA-256"),
            ("toy/toy.csv", [.. Body, 1], FormattableString.Invariant($"toy.csv in toy.tar.gz: has {Body.Length + 1} bytes, expected {Body.Length}")),
        })
        {
            byte[] archive = Tar((name, body));
            using var server = new LoopbackServer(context => Send(context, archive));
            var set = Toy() with { Archive = new("toy.tar.gz", archive.Length, Hash(archive)) };
            Refused.With(() => Open(set, Options(server.Address)), reason);
            Assert.That(_folder.Files, Is.Empty);
        }
    }

    [Test]
    public void A_published_set_is_asked_of_the_mirror_by_set_and_file()
    {
        var paths = new ConcurrentBag<string>();
        using var server = new LoopbackServer(context =>
        {
            paths.Add(context.Request.Url!.AbsolutePath);
            context.Response.StatusCode = 404;
        });
        var options = Options(null) with { Environment = name => name == "QUOTIENT_MIRROR" ? server.Address + "/" : null };
        foreach (string set in new[] { "mnist", "fashion-mnist", "digits:test", "cifar10:test" })
        {
            Refused.With(() => Dataset.Open(set, options), "could not be downloaded", "404");
        }

        Assert.That(paths, Is.EquivalentTo(new[]
        {
            "/mnist/train-images-idx3-ubyte.gz", "/fashion-mnist/train-images-idx3-ubyte.gz", "/digits/optdigits.tes",
            "/cifar10/cifar-10-binary.tar.gz",
        }));
    }

    [Test]
    public void A_mirror_that_is_no_address_is_refused() =>
        AssertNothingLeft(Options("file:///etc"), "'file:///etc'", "http://");

    [Test]
    public void A_cache_that_cannot_be_made_is_named()
    {
        _folder.Write("taken", [1]);
        using var server = new LoopbackServer(context => Send(context, Body));
        Refused.With(() => Open(Options(server.Address) with { CacheDirectory = _folder.At("taken") }), "toy:", "taken");
    }

    private static Dataset Open(
        DataOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Open(Toy(), options, progress, cancellationToken);

    private static Dataset Open(
        PublishedSet set, DataOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        set.OpenAsync(DataSpec.Parse("toy"), options, progress, cancellationToken).GetAwaiter().GetResult();

    private static PublishedSet Toy() => new(
        "toy",
        [],
        new Dictionary<string, PublishedFile[][]> { ["train"] = [[new("toy.csv", Body.Length, Hash(Body))]] },
        (name, files) => Digits.Read(name, files[0].Name, files[0].Bytes));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Tar(params (string Name, byte[] Body)[] files)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest))
        using (var tar = new TarWriter(zip))
        {
            foreach (var (name, body) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(body) });
            }
        }

        return memory.ToArray();
    }

    private static void Send(HttpListenerContext context, byte[] body)
    {
        context.Response.ContentLength64 = body.Length;
        context.Response.OutputStream.Write(body);
    }

    /// <summary>Sends a little, then nothing until the test ends.</summary>
    private static void SendPart(HttpListenerContext context, ManualResetEventSlim end, int? length = null)
    {
        context.Response.ContentLength64 = length ?? Body.Length;
        context.Response.OutputStream.Write(Body.AsSpan(0, 1000));
        context.Response.OutputStream.Flush();
        end.Wait(TimeSpan.FromSeconds(30));
    }

    private DataOptions Options(string? mirror) => new()
    {
        CacheDirectory = _folder.Path,
        Mirror = mirror,
        Environment = _ => null,
    };

    private void AssertNothingLeft(DataOptions options, params string[] words)
    {
        Refused.With(() => Open(options), words);
        Assert.That(_folder.Files, Is.Empty);
    }
}
