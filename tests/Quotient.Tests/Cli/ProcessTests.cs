using System.Diagnostics;
using NUnit.Framework;
using Quotient.Cli;
using Quotient.Data;
using Quotient.Tests.Backends;

namespace Quotient.Tests.Cli;

/// <summary>What only a process of its own can show: exit codes and signals.</summary>
public class ProcessTests
{
    /// <summary>The devices whose programs are compiled here and kept on disk.</summary>
    public static IEnumerable<string> CompilingDevices() => OpTests.Devices().Where(device => device.Contains(':'));

    [Test]
    public void The_version_is_printed()
    {
        var outcome = Finish(Start("--version"));
        Assert.That(outcome.Output, Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That(outcome.Code, Is.Zero);
    }

    /// <summary>Limits at which the runtime still starts, and fails at one place or another.</summary>
    [Test]
    public void Too_few_open_files_are_said_to_be_too_few([Values(26, 32, 40, 50)] int limit)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("this system has no such limit");
        }

        var start = Command(["evaluate", "--model", "none.safetensors", "--data", "strokes", "--device", "cpu"]);
        using var work = Process.Start(new ProcessStartInfo("sh", ["-c", $"ulimit -n {limit}; exec dotnet \"$@\"", "sh", .. start.ArgumentList])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var outcome = Finish(work);
        outcome.IsOneClearSentence("files", "ulimit -n");
        Assert.That(outcome.Error, Does.Not.Contain("memory"));
    }

    [Test]
    public void A_file_beyond_the_limit_of_size_is_one_clear_sentence()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("this system has no such limit");
        }

        using var folder = new ScratchFolder();
        var start = Command(["train", "--arch", "2-256-256-3", "--data", "spirals[0:10]", "--epochs", "1", "--quiet", "--out", folder.At("net"), "--device", "cpu"]);
        using var work = Process.Start(new ProcessStartInfo("sh", ["-c", "ulimit -f 200; exec dotnet \"$@\"", "sh", .. start.ArgumentList])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The runtime itself makes a larger file otherwise.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        })!;
        Finish(work).IsOneClearSentence("net");
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void Bad_input_gives_exit_code_2() => Finish(Start("devices", "--top", "3")).IsOneClearSentence("--top");

    [Test]
    public void A_polite_signal_stops_work_within_a_second_and_leaves_no_file([Values("INT", "TERM", "HUP")] string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("this system has no signals to send");
        }

        if (IsIgnored(signal))
        {
            Assert.Ignore($"these tests were started with SIG{signal} ignored, as shells do in the background and nohup does");
        }

        using var folder = new ScratchFolder();
        using var work = Start(
            "train", "--arch", "2-256-256-3", "--data", "spirals", "--epochs", "1000000", "--batch", "1", "--out", folder.At("net"),
            "--json", folder.At("t.json"));
        string firstLine = work.StandardError.ReadLine()!;
        Assert.That(firstLine, Does.StartWith("training"));
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-" + signal, $"{work.Id}"]))
        {
            kill.WaitForExit();
        }

        var outcome = Finish(work);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(outcome.Code, Is.EqualTo(130));
        Assert.That(outcome.Error, Does.EndWith("quotient: stopped\n"));
        Assert.That(folder.Files, Is.Empty);
    }

    [TestCaseSource(nameof(CompilingDevices))]
    public void Two_processes_share_a_device_and_its_cache(string device)
    {
        using var folder = new ScratchFolder();
        const string Data = "strokes[0:200]";
        int inputs = Dataset.Open(Data).Sample.Size;
        var model = Model.Initialise(Network.Mlp([inputs, 9, 10]), Initialisation.PyTorch, 5, Precision.Single);
        model.Save(folder.At("net.safetensors"));
        Process[] both = [.. new[] { "one.npy", "two.npy" }.Select(file => Process.Start(Command(
            ["gradient", "--model", folder.At("net.safetensors"), "--data", Data, "--device", device, "--out", folder.At(file)],
            ("QUOTIENT_CACHE", folder.At("cache"))))!)];
        foreach (var outcome in both.Select(Finish))
        {
            Assert.That(outcome.Code, Is.Zero, outcome.Error);
        }

        Assert.That(File.ReadAllBytes(folder.At("two.npy")), Is.EqualTo(File.ReadAllBytes(folder.At("one.npy"))));
        using var engine = Engine.Open("reference");
        using var at = engine.Linearise<double>(model, Dataset.Open(Data), Loss.CrossEntropy);
        Close.Check(Npy.ReadVector(folder.At("one.npy")), at.Gradient(), 1e-5, "gradient");
        Assert.That(Directory.GetFiles(folder.At("cache")).Select(Path.GetFileName), Is.Not.Empty.And.All.Match("^[0-9a-f]{64}$"));
    }

    /// <summary>A child inherits what is ignored, and .NET, like any polite program, leaves it so.</summary>
    private static bool IsIgnored(string signal)
    {
        int number = signal == "HUP" ? 1 : signal == "INT" ? 2 : 15;
        const string Status = "/proc/self/status";
        string? line = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(one => one.StartsWith("SigIgn:", StringComparison.Ordinal))
            : null;
        return line is not null && (Convert.ToUInt64(line.Split(':')[1].Trim(), 16) & (1UL << (number - 1))) != 0;
    }

    private static Process Start(params string[] words) => Process.Start(Command(words))!;

    private static ProcessStartInfo Command(string[] words, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(QuotientCommand).Assembly.Location, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static Outcome Finish(Process process)
    {
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
            {
                process.Kill();
                Assert.Fail("the process has not ended after a minute");
            }

            return new(process.ExitCode, output.Result, error.Result);
        }
    }
}
