using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Data.Published;
using Quotient.Files;

namespace Quotient.Tests.Data;

public class DownloadTests : ToyDownloads
{
    [Test]
    public void A_set_is_downloaded_once_with_progress_and_then_found()
    {
        using var server = new LoopbackServer(context => Send(context, Body));
        var steps = new Steps(_ => { });
        var options = Options(server.Address);
        Assert.That(Open(options, steps).Count, Is.EqualTo(5000));
        Assert.That(Open(options).Origin, Is.EqualTo($"toy.csv in {Folder.At("toy")}"));
        Assert.That(server.Requests, Is.EqualTo(1));
        Assert.That(Folder.Files, Is.EqualTo(new[] { Path.Combine("toy", "toy.csv") }));
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
    public void Published_sets_are_asked_for_by_https() => Assert.That(
        Catalogue.Names.SelectMany(name => Catalogue.Find(name)!.Addresses), Has.All.StartsWith("https://").And.All.EndsWith("/"));

    [Test]
    public void What_killed_downloads_have_left_is_removed_and_what_is_being_written_is_not()
    {
        using var server = new LoopbackServer(context => Send(context, Body));
        string left = $"toy.csv.{Guid.NewGuid():N}.tmp";
        Folder.Write($"toy/{left}", [1, 2]);
        Folder.Write("toy/.mine.tmp", [1]);
        using var living = new TemporaryFile(Folder.At("toy", "other.csv"));
        Open(Options(server.Address));
        Assert.That(Folder.Files.Select(Path.GetFileName), Has.None.EqualTo(left).And.Some.EqualTo(".mine.tmp"));
        living.Stream.WriteByte(1);
        living.Keep();
        Assert.That(File.ReadAllBytes(Folder.At("toy", "other.csv")), Is.EqualTo(new byte[] { 1 }));
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
        Assert.That(Folder.Files, Is.Empty);
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
        Assert.That(Folder.Files, Is.EqualTo(new[] { Path.Combine("toy", "toy.csv") }));
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
        Assert.That(Folder.Files, Is.EqualTo(new[] { Path.Combine("toy", "toy.csv") }));
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
            Assert.That(Folder.Files, Is.Empty);
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
        Folder.Write("taken", [1]);
        using var server = new LoopbackServer(context => Send(context, Body));
        Refused.With(() => Open(Options(server.Address) with { CacheDirectory = Folder.At("taken") }), "toy:", "taken");
    }

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
}
