using System.Diagnostics;
using NUnit.Framework;
using Quotient.Cli;
using Quotient.Tests.Data;

namespace Quotient.Tests.Cli;

/// <summary>Where processes keep what can be made again, whatever their home folder is.</summary>
[Platform(Exclude = "Win")]
public class UserFoldersTests
{
    private ScratchFolder _folder = null!;

    private string Home => _folder.At("home");

    private string Working => _folder.At("working");

    [SetUp]
    public void MakeFolders()
    {
        _folder = new();
        Directory.CreateDirectory(Working);
        Model.Initialise(Network.Mlp([2, 4, 3]), Initialisation.He, 1).Save(_folder.At("net"));
    }

    [TearDown]
    public void RemoveFolders() => _folder.Dispose();

    [TestCaseSource(typeof(ProcessTests), nameof(ProcessTests.CompilingDevices))]
    public void Kernels_are_kept_for_a_user_who_has_no_cache_yet(string device)
    {
        var first = Gradient(device, ("HOME", Home));
        Assert.That(first.Code, Is.Zero, first.Error);
        Assert.That(first.Output, Does.Not.Contain("not kept"));
        var kept = Kernels();
        Assert.That(kept, Is.Not.Empty);
        Gradient(device, ("HOME", Home));
        Assert.That(Kernels(), Is.EqualTo(kept));

        (string, DateTime)[] Kernels() =>
        [
            .. new DirectoryInfo(Path.Combine(Home, ".cache", "quotient", "kernels")).GetFiles().OrderBy(file => file.Name)
                .Select(file => (file.Name, file.LastWriteTimeUtc)),
        ];
    }

    [TestCaseSource(typeof(ProcessTests), nameof(ProcessTests.CompilingDevices))]
    public void Work_goes_on_where_kernels_cannot_be_kept_and_it_is_said_once(string device)
    {
        string file = _folder.Write("file", [1]);
        var outcome = Gradient(device, ("QUOTIENT_CACHE", Path.Combine(file, "cache")));
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
        Assert.That(outcome.Output.Split("compiled kernels are not kept, and compiled again by every run: the folder").Length, Is.EqualTo(2));
        var homeless = Gradient(device, ("HOME", "/"));
        Assert.That(homeless.Code, Is.Zero, homeless.Error);
        Assert.That(homeless.Output, Does.Contain("compiled kernels are not kept, and compiled again by every run: there is no home folder"));
    }

    [Test]
    public void Data_go_to_a_home_folder_that_is_not_there_yet_and_never_to_the_working_folder()
    {
        using var server = new LoopbackServer(context => context.Response.StatusCode = 404);
        Evaluate(("HOME", Home), ("QUOTIENT_MIRROR", server.Address)).IsOneClearSentence("answered 404");
        Assert.That(Directory.Exists(Path.Combine(Home, ".cache", "quotient", "digits")));
        Assert.That(Directory.GetFileSystemEntries(Working), Is.Empty);
    }

    [Test]
    public void Without_a_home_folder_it_is_said_where_data_can_go([Values("/", "relative")] string home)
    {
        Evaluate(("HOME", home)).IsOneClearSentence("digits", "there is no home folder", "XDG_CACHE_HOME", "QUOTIENT_DATA");
        Assert.That(Directory.GetFileSystemEntries(Working), Is.Empty);
    }

    private Outcome Gradient(string device, params (string Name, string Value)[] environment) => Run(
        ["gradient", "--model", _folder.At("net"), "--data", "spirals[0:20]", "--device", device, "--out", _folder.At("g.npy")], environment);

    private Outcome Evaluate(params (string Name, string Value)[] environment) =>
        Run(["evaluate", "--model", _folder.At("net"), "--data", "digits:test", "--device", "cpu"], environment);

    private Outcome Run(string[] words, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(QuotientCommand).Assembly.Location, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Working,
        };
        foreach (string inherited in new[] { "XDG_CACHE_HOME", "QUOTIENT_CACHE", "QUOTIENT_DATA", "QUOTIENT_MIRROR" })
        {
            start.Environment.Remove(inherited);
        }

        // The driver has a cache of its own in the home folder, which saves half a minute and is not what this is about.
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        start.Environment.TryAdd("POCL_CACHE_DIR", Path.Combine(home, ".cache", "pocl", "kcache"));
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }
}
