using BenchmarkDotNet.Running;
using Quotient;
using Quotient.Perf;
using Quotient.Perf.Gpu;
using Quotient.Perf.Images;
using Quotient.Perf.Tuning;

// One command a subject; each prints a table for perf/README.md.
var commands = new Dictionary<string, Action<string[]>>
{
    ["gemm"] = GemmCommand.Run,
    ["ops"] = OpsCommand.Run,
    ["convolution-shapes"] = rest => ConvolutionShapesCommand.Run(new(rest)),
    ["gemm-peer"] = rest => GemmPeerCommand.Run(new(rest)),
    ["products"] = rest => ProductsCommand.Run(new(rest)),
    ["convolutions"] = rest => ConvolutionsCommand.Run(new(rest)),
    ["images-ours"] = rest => ImageOurs.Run(new(rest)),
    ["spectrum"] = rest => SpectrumCommand.Run(new(rest)),
    ["scaling"] = rest => ScalingCommand.Run(new(rest)),
    ["training"] = rest => TrainingCommand.Run(new(rest)),
    ["matching"] = rest => MatchingCommand.Run(new(rest)),
    ["inference"] = rest => InferenceCommand.Run(new(rest)),
    ["binary"] = rest => BinaryCommand.Run(new(rest)),
    ["local-energy"] = rest => LocalEnergyCommand.Run(new(rest)),
    ["tune"] = rest => TuneCommand.Run(new(rest)),
    ["gpu"] = rest => GpuCommand.Run(new(rest)),
    ["bdn"] = rest => BenchmarkSwitcher.FromAssembly(typeof(GemmCommand).Assembly).Run(rest),
};

if (args.Length > 0 && commands.TryGetValue(args[0], out var command))
{
    try
    {
        command(args[1..]);
        return Environment.ExitCode;
    }
    catch (QuotientException error)
    {
        Console.Error.WriteLine(error.Message);
        return 2;
    }
}

Console.Error.WriteLine($"Usage: Quotient.Perf {string.Join(" | ", commands.Keys)}");
return 2;
