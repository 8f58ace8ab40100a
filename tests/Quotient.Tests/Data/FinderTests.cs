using System.Security.Cryptography;
using NUnit.Framework;
using Quotient.Data.Published;

namespace Quotient.Tests.Data;

public class FinderTests
{
    private static readonly PublishedFile[][] Groups = [[new("a", 0, ""), new("b", 0, "")], [new("half", 0, "")]];
    private static readonly PublishedSet Set = new("toy", [], new Dictionary<string, PublishedFile[][]>(), (_, _) => null!);

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void The_folder_said_comes_before_the_variable_and_that_before_the_cache()
    {
        foreach (string place in new[] { "cache", "variable", "said" })
        {
            _folder.Write($"{place}/toy/a", []);
            _folder.Write($"{place}/toy/b", []);
            Directory.CreateDirectory(_folder.At("said"));
            Directory.CreateDirectory(_folder.At("variable"));
            Assert.That(Find().Folder, Is.EqualTo(_folder.At(place, "toy")));
        }
    }

    [Test]
    public void The_other_group_of_files_serves_where_the_first_is_not_whole()
    {
        _folder.Write("said/toy/a", []);
        _folder.Write("said/toy/half", []);
        Directory.CreateDirectory(_folder.At("variable"));
        Assert.That(Find().Files, Is.EqualTo(Groups[1]));
    }

    [Test]
    public void What_a_kept_folder_lacks_is_said_and_not_downloaded()
    {
        _folder.Write("said/toy/a", []);
        Directory.CreateDirectory(_folder.At("variable"));
        Refused.With(() => Find(), "toy:train", "needs b", _folder.At("said", "toy"));
    }

    [Test]
    public void A_folder_that_does_not_exist_is_refused()
    {
        Refused.With(() => Find(), _folder.At("said"), "--data-dir");
        Directory.CreateDirectory(_folder.At("said"));
        Refused.With(() => Find(), _folder.At("variable"), "QUOTIENT_DATA");
    }

    [Test]
    public void A_known_file_with_another_content_is_refused()
    {
        byte[] digits = new byte[264_712];
        _folder.Write("digits/optdigits.tes", digits);
        Refused.With(
            () => Dataset.Open("digits:test", new() { DataDirectory = _folder.Path }),
            _folder.At("digits", "optdigits.tes"),
            $"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(digits))}",
            "expected 6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8");
    }

    [Test]
    public void A_known_file_of_another_length_is_refused_unread()
    {
        _folder.Write("digits/optdigits.tes", []);
        using (var endless = File.OpenWrite(_folder.At("digits", "optdigits.tes")))
        {
            endless.SetLength(1L << 40);
        }

        Refused.With(
            () => Dataset.Open("digits:test", new() { DataDirectory = _folder.Path }), "has 1099511627776 bytes, expected 264712", "remove it");
    }

    [TestCase("mnist:test", "t10k-images-idx3-ubyte", 7_840_016, "t10k-labels-idx1-ubyte", 10_008)]
    [TestCase("fashion-mnist:test", "t10k-images-idx3-ubyte", 7_840_016, "t10k-labels-idx1-ubyte", 10_008)]
    public void Unpacked_files_are_checked_as_well(string words, string images, int imageBytes, string labels, int labelBytes)
    {
        string set = words.Split(':')[0];
        _folder.Write($"{set}/{images}", new byte[imageBytes]);
        _folder.Write($"{set}/{labels}", new byte[labelBytes]);
        Refused.With(() => Dataset.Open(words, new() { DataDirectory = _folder.Path }), _folder.At(set, images), "has the SHA-256");
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void The_cache_is_where_the_desktop_keeps_such_things()
    {
        static string? Cache(string? xdg) => Finder.CacheFolder(new() { Environment = name => name == "XDG_CACHE_HOME" ? xdg : null });
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.That(Cache("/var/x"), Is.EqualTo("/var/x/quotient"));
        Assert.That(Cache("relative"), Is.EqualTo(Path.Combine(home, ".cache", "quotient")));
        Assert.That(Cache(null), Is.EqualTo(Path.Combine(home, ".cache", "quotient")));
        Assert.That(Finder.CacheFolder(new() { CacheDirectory = "mine" }), Is.EqualTo("mine"));
    }

    private (string Folder, PublishedFile[] Files) Find() => new Finder(Set, new()
    {
        DataDirectory = _folder.At("said"),
        CacheDirectory = _folder.At("cache"),
        Environment = name => name == "QUOTIENT_DATA" ? _folder.At("variable") : null,
    }).FindAsync("toy:train", Groups, null, default).GetAwaiter().GetResult();
}
