using NUnit.Framework;
using Quotient.Cli.Commands;

namespace Quotient.Tests.Cli;

public class HelpTests
{
    private static readonly string[] Commands = [.. EngineCommand.All().Select(command => command.Name)];

    [Test]
    public void The_commands_are_found_in_their_order() => Assert.That(
        Commands, Is.EqualTo(new[] { "demo", "train", "evaluate", "inspect", "convert", "gradient", "product", "spectrum", "flips", "path", "local-energy", "match", "landscape", "experiment", "devices", "bench" }));

    [Test]
    public void The_bare_command_and_its_help_list_every_command_and_the_data_sets([Values("", "--help", "-h")] string line)
    {
        var outcome = CommandLine.Run(line);
        Assert.That(outcome.Code, Is.Zero);
        Assert.That(outcome.Error, Is.Empty);
        foreach (string word in Commands.Append("mnist:train[0:2000]").Append("strokes"))
        {
            Assert.That(outcome.Output, Does.Contain(word));
        }
    }

    [Test]
    public void Each_command_shows_an_example_and_the_shared_options([ValueSource(nameof(Commands))] string command)
    {
        var outcome = CommandLine.Run($"{command} --help");
        Assert.That(outcome.Code, Is.Zero);
        Assert.That(outcome.Error, Is.Empty);
        Assert.That(outcome.Output, Does.Contain("Example:").And.Contain($"  quotient {command}"));
        foreach (string option in new[] { "--precision", "--device", "--matrix-precision", "--seed", "--threads", "--json", "--csv", "--html", "--quiet", "--data-dir" })
        {
            Assert.That(outcome.Output, Does.Contain(option));
        }
    }

    [Test]
    public void Examples_are_accepted_by_the_parser([ValueSource(nameof(Commands))] string command)
    {
        string page = CommandLine.Run($"{command} --help").Output;
        string example = page[(page.LastIndexOf("Example:", StringComparison.Ordinal) + 8)..].Trim();
        Assert.That(CommandLine.Run(example["quotient ".Length..] + " --help").Code, Is.Zero);
        using var terminal = new StringWriter();
        var root = new Quotient.Cli.QuotientCommand(new(terminal, terminal, false, CancellationToken.None));
        Assert.That(root.Parse(example.Split(' ')[1..]).Errors, Is.Empty);
    }

    [Test]
    public void Defaults_are_shown()
    {
        string page = CommandLine.Run("spectrum --help").Output;
        Assert.That(page, Does.Contain("[default: 5]").And.Contain("[default: pyhessian]").And.Contain("[default: single]"));
    }
}
