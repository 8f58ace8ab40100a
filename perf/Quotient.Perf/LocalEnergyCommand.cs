using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Networks.Layers;
using Quotient.Symmetry;

namespace Quotient.Perf;

/// <summary>
/// <c>local-energy [--widths W --binary ARCH --samples N --draws D --rounds R --threads T --device D]</c>: a curve of ten levels, whole calls,
/// beside the products of its forward passes alone, on the same inputs and in turns; and the curve of a binary net under flips beside
/// that of the same architecture in float.
/// </summary>
internal static class LocalEnergyCommand
{
    private const int Levels = 10;

    /// <summary>Prints the times and the ratios.</summary>
    public static void Run(Arguments arguments)
    {
        int samples = arguments.Number("samples", 10_000), draws = arguments.Number("draws", 20), rounds = arguments.Number("rounds", 3);
        string widths = arguments.Text("widths", "784-512-512-10"), signs = arguments.Text("binary", "binary:784-501-501-10");
        using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
        using var problem = new Workload(widths, samples, arguments.Number("epochs", 0));
        using var products = new ForwardProducts(engine.Backend, problem.Model, problem.Data);
        var binary = Model.Initialise(Network.Parse(signs), Initialisation.He, 1).AtBinaryWeights();
        var floats = InferenceCommand.InFloat(binary);
        var all = new List<Measured>
        {
            new("products alone", () => products.Run(draws * Levels)),
            new("multiplicative", () => Curve(problem.Model, Noise.Multiplicative)),
            new("additive", () => Curve(problem.Model, Noise.Additive)),
            new($"flips, {signs}", () => Curve(binary, Noise.Flips)),
            new("multiplicative, the same in float", () => Curve(floats, Noise.Multiplicative)),
        };
        for (int round = 0; round < rounds; round++)
        {
            all.ForEach(one => one.Measure());
        }

        Console.WriteLine($"{widths}, {problem.Data.Count} samples, {draws} draws × {Levels} levels, float32, {engine.Backend.Device.Features}");
        all.ForEach(one => Console.WriteLine($"  {one.Name,-52} {one.Seconds,8:F2} s, {one.Processor,8:F2} s of processors"));
        Print("multiplicative: share of the speed of its products alone", all[0], all[1]);
        Print("additive: the same", all[0], all[2]);
        Print("flips: faster than float", all[4], all[3]);

        void Curve(Model model, Noise noise) => LocalEnergy.Of<float>(engine, model, problem.Data, new() { Noise = noise, Draws = draws });
    }

    private static void Print(string what, Measured one, Measured other) =>
        Console.WriteLine($"  {what}: {one.Seconds / other.Seconds:F3}, by processor time {one.Processor / other.Processor:F3}");

    /// <summary>The least seconds of some work, and the least of all processors together.</summary>
    private sealed class Measured(string name, Action work)
    {
        public string Name => name;

        public double Seconds { get; private set; } = double.PositiveInfinity;

        public double Processor { get; private set; } = double.PositiveInfinity;

        public void Measure()
        {
            var start = Environment.CpuUsage.TotalTime;
            Seconds = Math.Min(Seconds, Timed.Once(work));
            Processor = Math.Min(Processor, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
        }
    }

    /// <summary>
    /// The products of a forward pass of a dense net, without biases and activations, on the inputs that they have in the net: the steps at
    /// which these are zero cost as little here. Chunks of samples are those of the evaluation.
    /// </summary>
    private sealed class ForwardProducts : IDisposable
    {
        private readonly IBackend _backend;
        private readonly List<(MatrixView<float> Inputs, MatrixView<float> Weight, MatrixView<float> Outputs)> _layers = [];
        private readonly List<IDisposable> _owned = [];
        private readonly int _rows;

        public ForwardProducts(IBackend backend, Model model, Dataset data)
        {
            _backend = backend;
            using (var plan = NetworkPlan<float>.Compile(model.Network, backend, differentiates: false))
            {
                _rows = Evaluator<float>.RowsAtOnce(backend, plan, data.Count);
            }

            var samples = new DeviceSamples<float>(backend, data, Loss.CrossEntropy, data.Count, 0);
            _owned.Add(samples);
            var (ops, inputs) = (backend.Ops<float>(), samples.Range(0, data.Count).Inputs);
            foreach (var (index, node) in model.Network.Nodes.Index().Where(node => node.Item.Layer is Dense))
            {
                var layer = (Dense)node.Layer;
                var tensor = model.Network.Tensors.First(tensor => tensor.Node == index);
                var weight = Keep(backend.Store<float>(Array.ConvertAll(model.Parameters[tensor.Range], value => (float)value)));
                var outputs = Keep(backend.Allocate<float>((long)data.Count * layer.Outputs));
                _layers.Add((inputs, weight.Matrix(layer.Outputs, layer.Inputs), outputs.Matrix(data.Count, layer.Outputs)));
                inputs = Keep(backend.Allocate<float>((long)data.Count * layer.Outputs)).Matrix(data.Count, layer.Outputs);
                Multiply(_layers[^1], 0, data.Count);
                ops.Relu(_layers[^1].Outputs.AsVector(), inputs.AsVector());
            }
        }

        public void Run(int passes)
        {
            for (int pass = 0; pass < passes; pass++)
            {
                for (int first = 0, all = (int)_layers[0].Inputs.Rows; first < all; first += _rows)
                {
                    _layers.ForEach(layer => Multiply(layer, first, Math.Min(_rows, all - first)));
                }
            }

            _backend.Synchronise();
        }

        public void Dispose() => _owned.ForEach(one => one.Dispose());

        private void Multiply((MatrixView<float> Inputs, MatrixView<float> Weight, MatrixView<float> Outputs) layer, int first, int count) =>
            _backend.Ops<float>().Gemm(
                Transpose.No, Transpose.Yes, 1, layer.Inputs.RowRange(first, count), layer.Weight, 0, layer.Outputs.RowRange(first, count));

        private DeviceBuffer<float> Keep(DeviceBuffer<float> buffer)
        {
            _owned.Add(buffer);
            return buffer;
        }
    }
}
