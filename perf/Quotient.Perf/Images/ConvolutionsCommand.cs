using System.Text.Json;

namespace Quotient.Perf.Images;

/// <summary>
/// <c>convolutions [--nets lenet,alexnet-small --repeats R --rounds R --peers 0|1]</c>: a gradient and a Hessian product of convolutional nets beside
/// PyTorch's gradient, double backward and retained graph, in turns, with shares of the peak and peaks of memory; each in a process of its own.
/// </summary>
internal static class ConvolutionsCommand
{
    private const string Gradient = "gradient", Product = "product", DoubleBackward = "doubleBackward", RetainedGraph = "retainedGraph";

    public static void Run(Arguments arguments)
    {
        string[] names = arguments.Text("nets", string.Join(',', ImageNet.All.Select(net => net.Name))).Split(',');
        foreach (var net in ImageNet.All.Where(net => names.Contains(net.Name)))
        {
            var table = new Dictionary<string, Line>();
            string file = Path.Combine(Path.GetTempPath(), $"quotient-perf-{Guid.NewGuid():N}.safetensors");
            Model.Initialise(net.Network, Initialisation.PyTorch, 1, Precision.Single).Save(file);
            try
            {
                for (int round = 0; round < arguments.Number("rounds", 2); round++)
                {
                    Measure(net, file, arguments, table);
                }
            }
            finally
            {
                File.Delete(file);
            }

            Print(net, table);
        }
    }

    private static void Measure(ImageNet net, string file, Arguments arguments, Dictionary<string, Line> table)
    {
        string repeats = $"{arguments.Number("repeats", 5)}";
        double peak = Enumerable.Range(0, 10).Max(_ => FmaPeak.Measure()) * Environment.ProcessorCount;
        foreach (string what in new[] { Gradient, Product })
        {
            Keep(table, $"ours: {what}", what, peak, Peer.Ourselves(
                "images-ours", "--net", net.Name, "--what", what, "--model", file, "--repeats", repeats, "--chunk", arguments.Text("chunk", "0")));
        }

        foreach (string what in arguments.Number("peers", 1) == 0 ? [] : new[] { Gradient, DoubleBackward, RetainedGraph })
        {
            Keep(table, $"PyTorch: {what}", what, peak, Peer.Run(
                "convolutions.py", "--net", net.Name, "--what", what, "--model", file, "--data", net.Source, "--samples", $"{net.Samples}",
                "--batch", $"{net.Graph}", "--repeats", repeats));
        }
    }

    private static void Keep(Dictionary<string, Line> table, string name, string what, double fmaPeak, JsonElement? figures)
    {
        if (figures is { } found)
        {
            var line = new Line(
                found.Seconds(what), found.ProcessorSeconds(what), found.GetProperty("peak").GetInt64(), found.GetProperty("held").GetInt64(), found.GetProperty("norm").GetDouble(), fmaPeak);
            table[name] = table.TryGetValue(name, out var before) ? before.Better(line) : line;
        }
    }

    private static void Print(ImageNet net, Dictionary<string, Line> table)
    {
        Console.WriteLine($"{net.Name}, {net.Samples} of {net.Source}, float32, {Environment.ProcessorCount} threads; memory: peak, of it before");
        foreach (var (name, line) in table)
        {
            double operations = name.EndsWith(Gradient, StringComparison.Ordinal) ? net.GradientOperations : net.ProductOperations;
            Console.WriteLine(
                $"  {name,-26}{line.Seconds * 1e3,9:F1} ms, processor {line.Processor * 1e3,9:F1} ms {operations / line.Seconds / line.FmaPeak,6:P0} of peak "
                + $"{line.Peak >> 20,6} MiB {line.Held >> 20,6} MiB  norm {line.Norm:G6}");
        }

        Ratio(table, Gradient, Gradient);
        Ratio(table, DoubleBackward, Product);
        Ratio(table, RetainedGraph, Product);
    }

    private static void Ratio(Dictionary<string, Line> table, string theirs, string ours)
    {
        if (table.TryGetValue($"PyTorch: {theirs}", out var their) && table.TryGetValue($"ours: {ours}", out var our))
        {
            Console.WriteLine($"  {theirs}: {their.Seconds / our.Seconds:F2}x faster ({their.Processor / our.Processor:F2}x by processor seconds), {(double)our.Peak / their.Peak:P0} of the memory");
        }
    }

    private readonly record struct Line(double Seconds, double Processor, long Peak, long Held, double Norm, double FmaPeak)
    {
        public Line Better(Line other) => new(
            Math.Min(Seconds, other.Seconds), Math.Min(Processor, other.Processor), Math.Max(Peak, other.Peak), Math.Min(Held, other.Held), Norm, Math.Max(FmaPeak, other.FmaPeak));
    }
}
