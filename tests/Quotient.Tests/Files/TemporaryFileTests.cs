using NUnit.Framework;
using Quotient.Files;

namespace Quotient.Tests.Files;

public class TemporaryFileTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void It_goes_unless_it_is_kept()
    {
        using (var file = new TemporaryFile(_folder.At("a")))
        {
            file.Stream.WriteByte(1);
            Assert.That(_folder.Files, Has.Length.EqualTo(1).And.None.EqualTo("a"));
        }

        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public void What_cannot_be_replaced_does_not_cost_what_was_written()
    {
        // A folder stands for a file that is mounted, or another user's in a folder like /tmp: nothing replaces it.
        Directory.CreateDirectory(_folder.At("a"));
        using (var file = new TemporaryFile(_folder.At("a")))
        {
            file.Stream.WriteByte(1);
            Assert.That(file.Keep, Throws.InstanceOf<Exception>());
        }

        Directory.Delete(_folder.At("a"));
        Assert.That(_folder.Files, Is.Empty, "what is no file has nothing kept beside it");
    }

    [Test]
    public void Only_what_is_left_over_is_removed()
    {
        string left = $"a.{Guid.NewGuid():N}.tmp";
        foreach (string name in new[] { left, ".a.tmp", "a.tmp", $"a.{Guid.NewGuid():N}.part", "b.word.tmp" })
        {
            _folder.Write(name, []);
        }

        Directory.CreateDirectory(_folder.At($"c.{Guid.NewGuid():N}.tmp"));
        TemporaryFile.RemoveStale(_folder.Path);
        Assert.That(_folder.Files, Has.Length.EqualTo(4).And.None.EqualTo(left));
    }

    [Test]
    public void What_is_being_written_survives_those_who_clear_up()
    {
        const int Writers = 4, Files = 200;
        using var ended = new CancellationTokenSource();
        var cleaners = Start(2, _ =>
        {
            while (!ended.IsCancellationRequested)
            {
                TemporaryFile.RemoveStale(_folder.Path);
            }
        });
        Task.WaitAll(Start(Writers, writer =>
        {
            for (int i = 0; i < Files; i++)
            {
                using var file = new TemporaryFile(_folder.At($"{writer}-{i}"));
                file.Stream.Write(BitConverter.GetBytes(i));
                file.Keep();
            }
        }));
        ended.Cancel();
        Task.WaitAll(cleaners);
        Assert.That(_folder.Files, Has.Length.EqualTo(Writers * Files), "nothing is lost, and nothing temporary stays");
        Assert.That(_folder.Files.All(name => BitConverter.ToInt32(File.ReadAllBytes(_folder.At(name))) == int.Parse(name.Split('-')[1])));
    }

    private static Task[] Start(int count, Action<int> work) =>
    [
        .. Enumerable.Range(0, count).Select(
            i => Task.Factory.StartNew(() => work(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
    ];
}
