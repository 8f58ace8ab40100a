using System.Net;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Data.Formats;
using Quotient.Data.Published;

namespace Quotient.Tests.Data;

/// <summary>What tests of downloads share: a small set of one file, <c>toy.csv</c>, and a folder to download it to.</summary>
public abstract class ToyDownloads
{
    private protected static readonly byte[] Body = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 5000).Select(i => string.Concat(Enumerable.Repeat($"{i % 17},", 64)) + $"{i % 10}\n")));

    private protected ScratchFolder Folder { get; private set; } = null!;

    [SetUp]
    public void MakeFolder() => Folder = new();

    [TearDown]
    public void RemoveFolder() => Folder.Dispose();

    private protected static Dataset Open(
        DataOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Open(Toy(), options, progress, cancellationToken);

    private protected static Dataset Open(
        PublishedSet set, DataOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        set.OpenAsync(DataSpec.Parse("toy"), options, progress, cancellationToken).GetAwaiter().GetResult();

    private protected static PublishedSet Toy() => new(
        "toy",
        [],
        new Dictionary<string, PublishedFile[][]> { ["train"] = [[new("toy.csv", Body.Length, Hash(Body))]] },
        (name, files) => Digits.Read(name, files[0].Name, files[0].Bytes));

    private protected static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private protected static void Send(HttpListenerContext context, byte[] body)
    {
        context.Response.ContentLength64 = body.Length;
        context.Response.OutputStream.Write(body);
    }

    /// <summary>Sends a little, then nothing until the test ends.</summary>
    private protected static void SendPart(HttpListenerContext context, ManualResetEventSlim end, int? length = null)
    {
        context.Response.ContentLength64 = length ?? Body.Length;
        context.Response.OutputStream.Write(Body.AsSpan(0, 1000));
        context.Response.OutputStream.Flush();
        end.Wait(TimeSpan.FromSeconds(30));
    }

    private protected DataOptions Options(string? mirror) => new()
    {
        CacheDirectory = Folder.Path,
        Mirror = mirror,
        Environment = _ => null,
    };

    private protected void AssertNothingLeft(DataOptions options, params string[] words)
    {
        Refused.With(() => Open(options), words);
        Assert.That(Folder.Files, Is.Empty);
    }
}
