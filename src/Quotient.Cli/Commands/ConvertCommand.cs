using Quotient.Reports;

namespace Quotient.Cli.Commands;

/// <summary>Writes a model in another format.</summary>
internal sealed class ConvertCommand() : EngineCommand(
    34, "convert", "Write a network in another format, its parameters as they are.", "quotient convert --model net.safetensors --out net.onnx")
{
    private static readonly string[] Formats = [".onnx", ".safetensors"];

    private readonly ModelOptions _model = new();
    private readonly OutputOption _out = OptionOf.Output("--out", "Where to write the network: .onnx, which has no binary layers, or .safetensors.", true);

    protected override IReadOnlyList<Option> Own => [.. _model.All, _out];

    protected override Report Run(Invocation run)
    {
        string path = run.Get(_out)!;
        if (!Formats.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new QuotientException($"--out is '{path}'; it must end in {Sentence.Or(Formats)}");
        }

        var model = _model.Load(run);
        model.CheckSavable(path);
        run.Files.Add((path, (_, file) => model.Save(file)));
        return new Report("conversion", "Conversion")
            .Fact("network", "network", model.Network.ToString())
            .Fact("parameters", "parameters", model.Network.ParameterCount)
            .Fact("output", "model", path);
    }
}
