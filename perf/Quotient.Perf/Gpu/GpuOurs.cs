using System.Numerics;
using Quotient.Backends;
using Quotient.Diagnostics;
using Quotient.Spectra;

namespace Quotient.Perf.Gpu;

/// <summary>Our side of the comparison on a GPU.</summary>
internal sealed class GpuOurs(string device, int threads, GpuSizes sizes)
{
    private Engine Open(MatrixPrecision precision = MatrixPrecision.Auto) => Engine.Open(device, threads, precision);

    /// <summary>C = A B in each precision that the device offers, and the largest error in units of the largest value.</summary>
    public GpuLine Gemm(IReadOnlyList<MatrixPrecision> precisions)
    {
        Dictionary<string, GpuSeconds> seconds = [];
        Dictionary<string, double> errors = [];
        foreach (var precision in precisions)
        {
            using var engine = Open(precision);
            using var product = new SquareProduct<float>(engine.Backend, sizes.Gemm);
            seconds[precision.Name()] = Time(engine.Backend, product.Run);
            errors[precision.Name()] = LargestError(engine.Backend, product);
        }

        return Line("gemm", seconds).With("error", errors).With("size", sizes.Gemm);
    }

    /// <summary>y = x, and V w with w − Vᵀ c for a basis of the larger net's parameters.</summary>
    public IEnumerable<GpuLine> Memory(long parameters)
    {
        using var engine = Open();
        var (backend, ops) = (engine.Backend, engine.Backend.Ops<float>());
        using (var x = backend.Allocate<float>(sizes.CopyBytes / sizeof(float)))
        using (var y = backend.Allocate<float>(sizes.CopyBytes / sizeof(float)))
        {
            yield return Line("copies", new() { ["copy"] = Time(backend, () => ops.Copy(x.All, y.All)) }).With("bytes", 2 * sizes.CopyBytes);
        }

        using var vectors = backend.Allocate<float>((sizes.BasisVectors + 1) * parameters);
        using var c = backend.Allocate<double>(sizes.BasisVectors);
        ops.Normal(1, 0, vectors.All);
        var (basis, w) = (vectors.Matrix(sizes.BasisVectors, parameters), vectors.Slice(sizes.BasisVectors * parameters, parameters));
        ops.Scale(1 / Math.Sqrt(parameters), vectors.All);
        var time = Time(backend, () =>
        {
            ops.Project(basis, w, c.All);
            ops.Deflate(basis, c.All, w);
        });
        yield return Line("orthogonalisation", new() { ["project, deflate"] = time })
            .With("bytes", sizeof(float) * (double)parameters * ((2 * sizes.BasisVectors) + 3));
    }

    /// <summary>H v over all samples.</summary>
    public GpuLine Product(string what, GpuNet net)
    {
        using var engine = Open();
        using var at = engine.Linearise(net.Model, net.Data);
        using var v = engine.Backend.Allocate<float>(at.Dimension);
        using var result = engine.Backend.Allocate<float>(at.Dimension);
        engine.Backend.Write<float>(net.Direction, v.All);
        var hessian = at.Hessian;
        var (from, to) = (v.Matrix(1, at.Dimension), result.Matrix(1, at.Dimension));
        var time = Time(engine.Backend, () => hessian.ApplyBlock(from, to));
        var host = new float[at.Dimension];
        engine.Backend.Read(result.All, host.AsSpan());
        net.SaveProduct(host);
        return Line(what, new() { ["linearised"] = time }).With("operations", net.Operations)
            .With("parameters", at.Dimension).With("samples", at.Samples);
    }

    /// <summary>Lanczos steps from one start vector, each fully re-orthogonalised, on the first samples of the larger net.</summary>
    public GpuLine Lanczos(GpuNet net)
    {
        using var engine = Open();
        using var at = engine.Linearise(net.Model, net.Data.Slice(0, sizes.LanczosSamples, net.Data.Name));
        using var space = new KrylovSpace<float>(at.Hessian, sizes.Steps + 1, 1, 1);
        var time = Time(engine.Backend, () =>
        {
            space.Clear();
            space.AddProbe(0);
            for (int step = 0; step < sizes.Steps; step++)
            {
                space.Expand(1);
            }
        });
        return Line("lanczos", new() { ["Krylov space"] = time }).With("steps", sizes.Steps)
            .With("operations", Floor.HessianProduct(net.Model.Network) * at.Samples * sizes.Steps)
            .With("bytes", Enumerable.Range(1, sizes.Steps).Sum(rows => sizeof(float) * (double)at.Dimension * ((2 * rows) + 6)))
            .With("nonOrthogonality", NonOrthogonality(engine.Backend, space.Basis)).With("largest", space.Values().Values.Max());
    }

    /// <summary>max |V Vᵀ − I|, with dots in double.</summary>
    private static double NonOrthogonality(IBackend backend, MatrixView<float> basis)
    {
        using var dots = backend.Allocate<double>(basis.Rows);
        var host = new double[basis.Rows];
        double largest = 0;
        for (int row = 0; row < basis.Rows; row++)
        {
            backend.Ops<float>().Project(basis, basis.Row(row), dots.All);
            backend.Read(dots.All, host.AsSpan());
            largest = Math.Max(largest, host.Index().Max(entry => Math.Abs(entry.Item - (entry.Index == row ? 1 : 0))));
        }

        return largest;
    }

    /// <summary>The largest error of C, in units of its largest value, against the same product in double on the same device.</summary>
    private static double LargestError(IBackend backend, SquareProduct<float> product)
    {
        using var exact = new SquareProduct<double>(backend, product.Size);
        backend.Write<double>(Read(backend, product.A), exact.A.All);
        backend.Write<double>(Read(backend, product.B), exact.B.All);
        exact.Run();
        product.Run();
        double[] wanted = Read(backend, exact.C);
        return Read(backend, product.C).Zip(wanted, (got, value) => Math.Abs(got - value)).Max() / wanted.Max(Math.Abs);
    }

    private static double[] Read<T>(IBackend backend, DeviceBuffer<T> buffer) where T : unmanaged, INumberBase<T>
    {
        var host = new T[buffer.Length];
        backend.Read(buffer.All, host.AsSpan());
        return Array.ConvertAll(host, double.CreateChecked);
    }

    private GpuSeconds Time(IBackend backend, Action call)
    {
        var timing = Timing.Of(backend, call, sizes.Seconds, CancellationToken.None);
        return new(timing.Least, timing.Median);
    }

    private static GpuLine Line(string what, Dictionary<string, GpuSeconds> seconds) => new("quotient", what, seconds);
}
