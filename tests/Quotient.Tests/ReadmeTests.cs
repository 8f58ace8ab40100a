using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Quotient.Cli;
using Quotient.Data;
using Quotient.Networks;
using Quotient.Spectra;

namespace Quotient.Tests;

/// <summary>The README promises nothing that does not run as it stands there.</summary>
[NonParallelizable]
public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.At("README.md"));

    [Test]
    public void Its_commands_run_as_written_one_after_the_other()
    {
        RequireData();
        string[] commands = [.. Blocks("sh").SelectMany(block => block.Split('\n')).Where(line => line.StartsWith("quotient ", StringComparison.Ordinal))];
        Assert.That(commands, Has.Length.GreaterThanOrEqualTo(5));
        using var folder = new ScratchFolder();
        string shell = $"set -e\nquotient() {{ dotnet '{typeof(QuotientCommand).Assembly.Location}' \"$@\"; }}\n" + string.Join('\n', commands);
        var (exit, output) = Run("bash", ["-c", shell], folder.Path);
        Assert.That(exit, Is.Zero, output);
        Assert.That(File.Exists(Path.Combine(folder.Path, "spectrum.html")), Is.True);
    }

    [Test]
    public void Its_five_lines_are_the_ones_below()
    {
        string here = File.ReadAllText(Repository.At("tests", "Quotient.Tests", "ReadmeTests.cs"));
        string code = here.Split("// five lines\n")[1].Split("        // end")[0];
        string[] lines = [.. code.Split('\n').Where(line => line.Length > 0).Select(line => line[8..])];
        Assert.That(Blocks("csharp").Single().TrimEnd().Split('\n'), Is.EqualTo(lines));
    }

    [Test]
    public void Its_five_lines_print_five_converged_eigenvalues()
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
            FiveLines();
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Console.SetOut(console);
        }

        Assert.That(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(5).And.All.Contains("converged: True"));
    }

    [Test]
    public void Its_links_lead_somewhere()
    {
        string[] targets = [.. Regex.Matches(Readme, @"\]\((?!http)([^)#]+)\)").Select(match => match.Groups[1].Value)];
        Assert.That(targets, Is.Not.Empty);
        Assert.That(targets.Where(target => !Path.Exists(Repository.At(target))), Is.Empty);
    }

    private static void FiveLines()
    {
        // five lines
        using var engine = Engine.Open();
        var model = Model.Load("net.safetensors");
        using var at = engine.Linearise(model, Dataset.Open("mnist:train[0:1000]"), Loss.CrossEntropy);
        foreach (var pair in at.Hessian.Top(5))
            Console.WriteLine($"{pair.Value} ± {pair.Residual}, converged: {pair.Converged}");
        // end
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
