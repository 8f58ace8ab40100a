using Quotient.Linearisation;
using Quotient.Networks.Layers;

namespace Quotient.Perf;

/// <summary>
/// <c>inference [--widths W --samples N --rounds R --threads T]</c>: a whole net of signs, bits against the same net in float by our own
/// kernels and by PyTorch's, in turns. The errors of all three are printed: the figures are of one function, or worth nothing.
/// </summary>
internal static class InferenceCommand
{
    private const int Repeats = 5;

    public static void Run(Arguments arguments)
    {
        string widths = arguments.Text("widths", "784-4096-4096-10");
        int samples = arguments.Number("samples", 2000), threads = arguments.Number("threads", 0);
        var model = Model.Initialise(Network.Parse($"binary:{widths}"), Initialisation.He, 1).AtBinaryWeights();
        var data = Dataset.Open($"mnist:train[0:{samples}]");
        string file = Path.Combine(Path.GetTempPath(), $"quotient-perf-{Guid.NewGuid():N}.safetensors");
        model.Save(file);
        using var engine = Engine.Open(arguments.Text("device", "auto"), threads);
        using Net bits = new(engine, model, data), floats = new(engine, InFloat(model), data);
        double ours = double.PositiveInfinity, dense = ours, theirs = ours, relu = ours;
        int? errors = null;
        for (int round = 0; round < arguments.Number("rounds", 3); round++)
        {
            ours = Math.Min(ours, Timed.Least(bits.Evaluate, Repeats));
            dense = Math.Min(dense, Timed.Least(floats.Evaluate, Repeats));
            if (Peer.Run("inference.py", "--widths", widths, "--samples", $"{samples}", "--data", "mnist", "--model", file) is { } figures)
            {
                theirs = Math.Min(theirs, figures.Seconds("signs"));
                relu = Math.Min(relu, figures.Seconds("relu"));
                errors = figures.GetProperty("errors").GetInt32();
            }
        }

        File.Delete(file);
        Console.WriteLine($"binary:{widths}, {samples} of MNIST, forward alone, {engine.Backend.Device.Features}");
        Console.WriteLine($"  bits                   {1e6 * ours / samples,8:F1} us a sample, {bits.Errors} errors");
        Console.WriteLine($"  our float32            {1e6 * dense / samples,8:F1} us a sample, {floats.Errors} errors, {dense / ours:F2}x as long");
        Console.WriteLine($"  PyTorch float32, signs {1e6 * theirs / samples,8:F1} us a sample, {errors} errors, {theirs / ours:F2}x as long");
        Console.WriteLine($"  PyTorch float32, ReLU  {1e6 * relu / samples,8:F1} us a sample, {relu / ours:F2}x as long");
    }

    /// <summary>The same function with numbers in place of bits.</summary>
    internal static Model InFloat(Model model) => new(
        Network.Chain(model.Network.Input, model.Network.Nodes.Select(node => node.Layer is BinaryDense layer
            ? new Dense(layer.Inputs, layer.Outputs, false, layer.Scale)
            : node.Layer)),
        model.Parameters);

    /// <summary>A net at fixed weights on samples that are on the device.</summary>
    private sealed class Net : IDisposable
    {
        private readonly NetworkPlan<float> _plan;
        private readonly DeviceSamples<float> _samples;
        private readonly Evaluator<float> _evaluator;
        private readonly Backends.DeviceBuffer<float> _theta, _buffers;

        public Net(Engine engine, Model model, Dataset data)
        {
            var backend = engine.Backend;
            _plan = NetworkPlan<float>.Compile(model.Network, backend);
            int rows = Evaluator<float>.RowsAtOnce(backend, _plan, data.Count);
            _samples = new(backend, data, Loss.CrossEntropy, rows, 0, default);
            _buffers = backend.Allocate<float>(model.Buffers.Length);
            backend.Write<float>(Array.ConvertAll(model.Buffers, value => (float)value), _buffers.All);
            _evaluator = new(backend, _plan, _buffers.All, Loss.CrossEntropy, rows);
            _theta = backend.Allocate<float>(model.Network.ParameterCount);
            backend.Write<float>(Array.ConvertAll(model.Parameters, value => (float)value), _theta.All);
        }

        public int Errors { get; private set; }

        public void Evaluate() => Errors = (int)Math.Round(_evaluator.Run(_theta.All, _samples).Error!.Value * _samples.Count);

        public void Dispose()
        {
            _plan.Dispose();
            _samples.Dispose();
            _evaluator.Dispose();
            _theta.Dispose();
            _buffers.Dispose();
        }
    }
}
