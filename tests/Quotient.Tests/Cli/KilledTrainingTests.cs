using System.Diagnostics;
using NUnit.Framework;
using Quotient.Cli;
using Quotient.Training;

namespace Quotient.Tests.Cli;

/// <summary>Training that is killed without warning, at moments that nobody chose.</summary>
public class KilledTrainingTests
{
    private const int Kills = 3;

    private static readonly string[] Runs =
    [
        "--arch 2-32-3 --optimiser sgd --epochs 400",
        "--arch 2-16-3 --optimiser rsgd --epochs 150",
        "--arch 2-16-3 --optimiser adv --start-epochs 150 --epochs 150",
        "--arch binary:2-9-3 --optimiser adv-binarynet --start-epochs 100 --epochs 100",
    ];

    private ScratchFolder _folder = null!;

    private bool HasCheckpoint => File.Exists(_folder.At("state")) || File.Exists(_folder.At("state.start"));

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void A_killed_training_resumes_to_the_same_bits([ValueSource(nameof(Runs))] string run)
    {
        string line = $"train {run} --data spirals[0:120] --batch 4 --threads 1 --quiet --device cpu";
        var whole = CommandLine.Run(line + " --out {}/whole", _folder.Path);
        Assert.That(whole.Code, Is.Zero, whole.Error);
        // The delays are seeded, but where they end is up to the machine.
        var random = new Random(1);
        int killed = 0;
        while (!File.Exists(_folder.At("net")))
        {
            string[] words = [.. line.Split(' '), "--checkpoint", _folder.At("state"), "--out", _folder.At("net"), .. Resume()];
            using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(QuotientCommand).Assembly.Location, .. words]))!;
            if (killed < Kills && RunsFor(process, random.Next(20, 400)))
            {
                process.Kill();
                killed++;
            }

            Assert.That(process.WaitForExit(TimeSpan.FromMinutes(2)), "training has not ended after two minutes");
        }

        Assert.That(killed, Is.Positive, "training ended before it could be killed");
        Model expected = Model.Load(_folder.At("whole")), resumed = Model.Load(_folder.At("net"));
        Assert.That(resumed.Parameters, Is.EqualTo(expected.Parameters));
        Assert.That(TrainingLog.Of(resumed)!.Epochs, Is.EqualTo(TrainingLog.Of(expected)!.Epochs));
        Assert.That(File.Exists(_folder.At("state.start")), Is.False);
    }

    private string[] Resume() => HasCheckpoint ? ["--resume"] : [];

    /// <summary>Waits so many milliseconds from the moment at which a new checkpoint appears; false if the process ends before.</summary>
    private bool RunsFor(Process process, int milliseconds)
    {
        var before = LastWritten();
        while (!process.HasExited && LastWritten() == before)
        {
            Thread.Sleep(1);
        }

        return !process.WaitForExit(milliseconds);
    }

    private DateTime LastWritten() =>
        new[] { "state", "state.start" }.Max(name => File.GetLastWriteTimeUtc(_folder.At(name)));
}
