using System.CommandLine;

namespace Quotient.Cli.Commands;

/// <summary>Trains and analyses a small net, so that a newcomer sees everything work.</summary>
internal sealed class DemoCommand : EngineCommand
{
    private readonly Option<string?> _folder = OptionOf.Text(
        "--out", "FOLDER", "Where report.html, report.json and net.safetensors go.", "quotient-demo");

    public DemoCommand(CommonOptions common, Terminal terminal) : base(
        "demo", "Train a small net on built-in data, analyse it and write a report, within a minute.", "quotient demo", common, terminal) =>
        Add(_folder);

    protected override void Run(Invocation run)
    {
    }
}
