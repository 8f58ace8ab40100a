using System.Globalization;
using System.Text.Json;
using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Perf.Images;

/// <summary>
/// <c>images-ours --net N --what gradient|product [--model FILE --repeats R --chunk N --threads N]</c>: one of our two, in a process of its own, so that
/// its peak of memory is its own; prints a line as the peers do.
/// </summary>
internal static class ImageOurs
{
    public static void Run(Arguments arguments)
    {
        var net = ImageNet.All.First(one => one.Name == arguments.Text("net", "lenet"));
        string what = arguments.Text("what", "product");
        string file = arguments.Text("model", "");
        var model = file == "" ? Model.Initialise(net.Network, Initialisation.PyTorch, 1, Precision.Single) : Model.Load(file);
        var data = net.Data;
        using var engine = Engine.Open("cpu", arguments.Number("threads", 0));
        long held = Memory("VmRSS");
        using var at = engine.Linearise(model, data, options: new() { ChunkSize = arguments.Number("chunk", 0) });
        using var theta = engine.Backend.Allocate<float>(at.Dimension);
        using var result = engine.Backend.Allocate<float>(at.Dimension);
        engine.Backend.Write<float>(Array.ConvertAll(model.Parameters, value => (float)value), theta.All);
        var (seconds, processor) = Timed.LeastOfBoth(
            what == "gradient" ? () => GradientAgain(at, model, result.All) : () => Product(at, theta.All, result.All), arguments.Number("repeats", 7));
        using var square = engine.Backend.Allocate<double>(1);
        engine.Backend.Ops<float>().Dot(result.All, result.All, square.All);
        var found = new double[1];
        engine.Backend.Read(square.All, found);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            norm = Math.Sqrt(found[0]),
            peak = Memory("VmHWM"),
            held,
            seconds = new Dictionary<string, object> { [what] = new { min = seconds, processorMin = processor } },
        }));
    }

    private static void GradientAgain(Linearisation<float> at, Model model, VectorView<float> gradient)
    {
        at.MoveTo(model);
        at.Gradient(gradient);
        at.Backend.Synchronise();
    }

    private static void Product(Linearisation<float> at, VectorView<float> v, VectorView<float> result)
    {
        at.Hessian.ApplyBlock(v.AsMatrix(1, v.Length), result.AsMatrix(1, result.Length));
        at.Backend.Synchronise();
    }

    /// <summary>Bytes that this process holds now or has held.</summary>
    private static long Memory(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
