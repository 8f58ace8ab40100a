using Quotient.Backends;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Networks.Layers;

namespace Quotient.Diagnostics;

/// <summary>Hessian products of a larger and a small net, and a Lanczos step, on drawn data.</summary>
internal static class NetworkBenchmarks
{
    private const string Wide = "784-512-512-10", Small = "32-32-32-10";
    private const int SmallSamples = 256, BasisVectors = 50;
    private static readonly int[] Sizes = [16, 64, 256, 1_000, 2_500, 10_000, 60_000];

    /// <summary>Measures; <paramref name="rate"/> of operations a second says how many samples suit the device.</summary>
    public static void Measure(BenchmarkRun run, MatrixPrecision products, double rate)
    {
        double perSample = HessianOperations(Network.Parse(Wide)), most = run.IsQuick ? 0.02 : 0.3;
        int samples = Sizes.LastOrDefault(size => size * perSample / rate <= most, Sizes[0]);
        using (var at = Linearise(run.Backend, Wide, samples))
        {
            Product(run, at, Wide, products);
            if (!run.IsQuick)
            {
                LanczosStep(run, at, Wide, products);
            }
        }

        using var small = Linearise(run.Backend, Small, SmallSamples);
        Product(run, small, Small, products);
        if (run.IsQuick)
        {
            LanczosStep(run, small, Small, products);
        }
    }

    /// <summary>Floating-point operations of one Hessian product for one sample: 4 n₀n₁ + 12 Σ_(l≥2) n_(l−1) n_l.</summary>
    public static double HessianOperations(Network network) => network.Nodes.Select(node => node.Layer).OfType<Dense>().Index()
        .Sum(entry => (entry.Index == 0 ? 4.0 : 12.0) * entry.Item.Inputs * entry.Item.Outputs);

    private static void Product(BenchmarkRun run, Linearisation<float> at, string widths, MatrixPrecision products)
    {
        using var v = run.Backend.Allocate<float>(at.Dimension);
        using var result = run.Backend.Allocate<float>(at.Dimension);
        run.Backend.Ops<float>().Normal(1, 0, v.All);
        double operations = HessianOperations(at.Model.Network) * at.Samples;
        var hessian = at.Hessian;
        run.Add(
            "Hessian product", Problem(at, widths), "GFLOP/s", operations, limits => limits.Peaks.Of(products),
            () => hessian.ApplyBlock(v.Matrix(1, at.Dimension), result.Matrix(1, at.Dimension)));
    }

    /// <summary>w ← H v, orthogonalised against a basis V and scaled: w ← w − Vᵀ(V w), v' ← w/‖w‖.</summary>
    private static void LanczosStep(BenchmarkRun run, Linearisation<float> at, string widths, MatrixPrecision products)
    {
        var (backend, ops, n) = (run.Backend, run.Backend.Ops<float>(), at.Dimension);
        using var vectors = backend.Allocate<float>((BasisVectors + 2) * n);
        using var scalars = backend.Allocate<double>(BasisVectors + 1);
        ops.Normal(1, 0, vectors.All);
        var (basis, w, next) = (
            vectors.Matrix(BasisVectors, n), vectors.Slice(BasisVectors * n, n), vectors.Slice((BasisVectors + 1) * n, n));
        var (coefficients, square) = (scalars.Slice(0, BasisVectors), scalars.Slice(BasisVectors, 1));
        var hessian = at.Hessian;

        // The basis is read twice; Project reads w, Deflate reads and writes it, Dot reads it, DivideByRoot reads and writes.
        double bytes = sizeof(float) * (double)n * ((2 * BasisVectors) + 6);
        double operations = HessianOperations(at.Model.Network) * at.Samples;
        double Floor(Limits limits) => (operations / limits.Peaks.Of(products)) + (bytes / limits.Memory);
        run.Add("Lanczos step", $"{Problem(at, widths)}, {BasisVectors} vectors", "steps/s", 1, limits => 1 / Floor(limits), () =>
        {
            hessian.ApplyBlock(basis.RowRange(0, 1), w.AsMatrix(1, n));
            ops.Project(basis, w, coefficients);
            ops.Deflate(basis, coefficients, w);
            ops.Dot(w, w, square);
            ops.DivideByRoot(w, square, next);
        });
    }

    private static string Problem(Linearisation<float> at, string widths) => $"{widths}, {at.Samples} samples";

    private static Linearisation<float> Linearise(IBackend backend, string widths, int samples)
    {
        var network = Network.Parse(widths);
        var data = DrawnData.For(network, samples, new Random(1));
        return new(backend, Model.Initialise(network, Initialisation.He, 1), data, Loss.CrossEntropy, new());
    }
}

/// <summary>Data for timings, where it matters how many samples there are and not what they show.</summary>
internal static class DrawnData
{
    /// <summary>Inputs uniform on [0, 1) for a network, and labels each of its classes with equal probability.</summary>
    public static Dataset For(Network network, int samples, Random random, string name = "drawn")
    {
        var x = new float[samples * network.Input.Size];
        foreach (ref float value in x.AsSpan())
        {
            value = random.NextSingle();
        }

        int classes = network.Output.Size;
        int[] labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(classes))];
        return Dataset.Classification(name, network.Input, SampleStore.Floats(x, network.Input.Size), labels, classes);
    }
}
