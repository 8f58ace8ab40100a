using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Quotient.Cli;

namespace Quotient.Tests;

/// <summary>The README promises nothing that does not run as it stands there.</summary>
[NonParallelizable]
public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.At("README.md"));

    private static readonly OrderedDictionary<string, Action> Samples = new()
    {
        ["TopFive"] = global::Readme.TopFive.Run,
        ["BottomThree"] = global::Readme.BottomThree.Run,
    };

    [Test]
    public void Its_commands_run_as_written_one_after_the_other()
    {
        RequireData();
        string[] commands = [.. Blocks("sh").SelectMany(block => block.Split('\n')).Where(line => line.Split(' ')[0] is "quotient" or "mkdir")];
        Assert.That(commands, Has.Length.GreaterThanOrEqualTo(5));
        using var folder = new ScratchFolder();
        string shell = $"set -e\nquotient() {{ dotnet '{typeof(QuotientCommand).Assembly.Location}' \"$@\"; }}\n" + string.Join('\n', commands);
        var (exit, output) = Run("bash", ["-c", shell], folder.Path);
        Assert.That(exit, Is.Zero, output);
        Assert.That(File.Exists(Path.Combine(folder.Path, "spectrum.html")), Is.True);
    }

    [Test]
    public void Its_samples_are_compiled_with_the_usings_that_they_show()
    {
        string[] shown = [.. Blocks("csharp").Select(block => block.TrimEnd())];
        Assert.That(shown, Is.EqualTo(Samples.Keys.Select(Sample)));
    }

    [TestCase("TopFive", 5)]
    [TestCase("BottomThree", 3)]
    public void Its_samples_print_converged_eigenvalues(string sample, int count)
    {
        RequireData();
        using var folder = new ScratchFolder();
        Model.Initialise(Network.Parse("784-16-10"), Initialisation.He, 1, Precision.Single).Save(Path.Combine(folder.Path, "net.safetensors"));
        string before = Environment.CurrentDirectory;
        var output = new StringWriter();
        var console = Console.Out;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            Console.SetOut(output);
            Samples[sample]();
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Console.SetOut(console);
        }

        Assert.That(
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(count).And.All.Contains("converged: True"));
    }

    [TestCase("README.md")]
    [TestCase("CONTRIBUTING.md")]
    [TestCase("kernels/README.md")]
    [TestCase("perf/README.md")]
    [TestCase("src/Quotient/Reports/README.md")]
    public void Links_lead_somewhere(string page)
    {
        string file = Repository.At(page), folder = Path.GetDirectoryName(file)!;
        var targets = Regex.Matches(File.ReadAllText(file), @"\]\((?!http)([^)#]+)\)").Select(match => match.Groups[1].Value);
        Assert.That(targets.Where(target => !Path.Exists(Path.Combine(folder, target))), Is.Empty);
    }

    /// <summary>A file of this project as the README would show it: its usings, an empty line, the body of its method.</summary>
    private static string Sample(string name)
    {
        string[] lines = File.ReadAllLines(Repository.At("tests", "Quotient.Tests", "Readme", name + ".cs"));
        var usings = lines.TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal));
        var body = lines.Where(line => line.StartsWith("        ", StringComparison.Ordinal)).Select(line => line[8..]);
        return string.Join('\n', [.. usings, "", .. body]);
    }

    private static IEnumerable<string> Blocks(string language) =>
        Readme.Split($"```{language}\n").Skip(1).Select(rest => rest.Split("```")[0]);

    private static (int Exit, string Output) Run(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static void RequireData()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("QUOTIENT_DATA")))
        {
            Assert.Ignore("QUOTIENT_DATA is not set: MNIST is not at hand.");
        }
    }
}
