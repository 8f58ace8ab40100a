using Quotient.Backends;
using Quotient.Data;
using Quotient.Linearisation;

namespace Quotient.Diagnostics;

/// <summary>One check: an operation on fixed numbers.</summary>
/// <param name="Op">The operation's name in <see cref="IOps{T}"/>, or <c>Hessian product</c>.</param>
/// <param name="Detail">Which of its ways is checked; may be empty.</param>
/// <param name="Run">Computes on a bench and returns what came out.</param>
internal sealed record SelfTestCase<T>(string Op, string Detail, Func<SelfTestBench<T>, double[]> Run)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether it multiplies matrices, for which a device may offer several precisions.</summary>
    public bool IsProduct => Op.StartsWith("Gemm", StringComparison.Ordinal);

    public override string ToString() => Detail.Length == 0 ? Op : $"{Op} ({Detail})";
}

/// <summary>The fixed cases of the self-test: small, but beyond one group of threads and ragged at every tile.</summary>
internal static class SelfTestCases
{
    private const int Length = 4099;

    /// <summary>All cases; what others are made of comes first.</summary>
    public static IEnumerable<SelfTestCase<T>> All<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        Vectors<T>().Concat(Products<T>()).Concat(Losses<T>()).Append(new("Hessian product", "", HessianProduct));

    private static IEnumerable<SelfTestCase<T>> Vectors<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        new("Dot", "", bench => Result(
            bench, bench.PoisonedDoubles(1), sum => bench.Ops.Dot(bench.Vector(Length), bench.Vector(Length), sum))),
        new("Axpy", "", bench => InPlace(bench, y => bench.Ops.Axpy(-0.7, bench.Vector(Length), y))),
        new("Rademacher", "", bench => InPlace(bench, x => bench.Ops.Rademacher(0x0123456789ABCDEF, 3, x))),
        new("Normal", "", bench => InPlace(bench, x => bench.Ops.Normal(0x0123456789ABCDEF, 4, x))),
        new("Flip", "", bench => InPlace(bench, x => bench.Ops.Flip(0x0123456789ABCDEF, 5, 0.3, x))),
        new("Project", "", bench => Result(
            bench, bench.PoisonedDoubles(13), c => bench.Ops.Project(bench.Matrix(13, Length), bench.Vector(Length), c))),
        new("Deflate", "", bench => InPlace(bench, w => bench.Ops.Deflate(bench.Matrix(13, Length), bench.Doubles(13), w))),
        new("Relu", "", bench => InPlace(bench, y => bench.Ops.Relu(bench.Vector(Length), y))),
        new("Mask", "two stacked", bench => InPlace(bench, y => bench.Ops.Mask(bench.Vector(500), bench.Vector(1000), y), 1000)),
        new("SumRows", "", bench => InPlace(bench, sums => bench.Ops.SumRows(bench.Matrix(301, 65), 0.5, sums), 65)),
    ];

    private static IEnumerable<SelfTestCase<T>> Products<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        new("Gemm", "A B", bench => Gemm(bench, Transpose.No, Transpose.No, 0)),
        new("Gemm", "A Bᵀ, bias and ReLU", bench => Gemm(
            bench, Transpose.No, Transpose.Yes, 0, _ => new(bench.Vector(GemmColumns), 0, true, default))),
        new("Gemm", "Aᵀ B, accumulated", bench => Gemm(bench, Transpose.Yes, Transpose.No, 0.5)),
        new("Gemm", "Aᵀ Bᵀ, mask", bench => Gemm(
            bench, Transpose.Yes, Transpose.Yes, 0, c => new(default, 0, false, bench.Matrix(c.Rows, c.Columns)))),
        new("Gemm", "a batch of three", bench =>
        {
            var c = bench.Batch(3, 33, 10);
            bench.Ops.Gemm(Transpose.No, Transpose.Yes, 1, bench.Batch(3, 33, 40), bench.Batch(3, 10, 40), 0, c);
            return bench.Read(c.First.Buffer.All);
        }),
        new("GemmPair", "mask", bench =>
        {
            var c = bench.Poison(70, 129);
            bench.Ops.GemmPair(
                Transpose.No, Transpose.No, 1, bench.Matrix(70, 90), bench.Matrix(90, 129), bench.Matrix(70, 33), bench.Matrix(33, 129),
                0, c, new(default, 0, false, bench.Matrix(70, 129)));
            return bench.Read(c.AsVector());
        }),
    ];

    private static IEnumerable<SelfTestCase<T>> Losses<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        new("SoftmaxCrossEntropy", "smoothed labels", bench =>
        {
            var (p, loss) = (bench.Poison(257, 10), bench.Doubles(1));
            bench.Ops.SoftmaxCrossEntropy(bench.Matrix(257, 10), bench.Labels(257, 10), 0.1, p, loss);
            return [.. bench.Read(p.AsVector()), .. bench.Read(loss)];
        }),
        new("SoftmaxHessian", "two stacked", bench =>
        {
            var y = bench.Poison(514, 10);
            bench.Ops.SoftmaxHessian(bench.Distributions(257, 10), 0.25, bench.Matrix(514, 10), y);
            return bench.Read(y.AsVector());
        }),
    ];

    private const int GemmRows = 65, GemmColumns = 130, GemmDepth = 70;

    private static double[] Gemm<T>(
        SelfTestBench<T> bench, Transpose transposeA, Transpose transposeB, double beta,
        Func<MatrixView<T>, Epilogue<T>>? epilogue = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = transposeA == Transpose.No ? bench.Matrix(GemmRows, GemmDepth) : bench.Matrix(GemmDepth, GemmRows);
        var b = transposeB == Transpose.No ? bench.Matrix(GemmDepth, GemmColumns) : bench.Matrix(GemmColumns, GemmDepth);
        var c = beta == 0 ? bench.Poison(GemmRows, GemmColumns) : bench.Matrix(GemmRows, GemmColumns);
        bench.Ops.Gemm(transposeA, transposeB, 0.75, a, b, beta, c, epilogue?.Invoke(c) ?? default);
        return bench.Read(c.AsVector());
    }

    private static double[] InPlace<T>(SelfTestBench<T> bench, Action<VectorView<T>> work, int length = Length)
        where T : unmanaged, IFloatingPointIeee754<T> => Result(bench, bench.Vector(length), work);

    private static double[] Result<T, TElement>(SelfTestBench<T> bench, VectorView<TElement> x, Action<VectorView<TElement>> work)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TElement : unmanaged, INumberBase<TElement>
    {
        work(x);
        return bench.Read(x);
    }

    private static double[] HessianProduct<T>(SelfTestBench<T> bench) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (model, data) = SmallNet();
        using var at = new Linearisation<T>(bench.Backend, model, data, Loss.CrossEntropy, new() { ChunkSize = 16 });
        var v = bench.Vector(at.Dimension);
        var result = bench.Poison(at.Dimension);
        at.Hessian.ApplyBlock(v.AsMatrix(1, at.Dimension), result.AsMatrix(1, at.Dimension));
        return bench.Read(result);
    }

    /// <summary>
    /// A net of two hidden layers and its data. The seed is one at which no pre-activation lies within 1e-3 of a kink, where
    /// rounding would decide.
    /// </summary>
    internal static (Model Model, Dataset Data) SmallNet()
    {
        const int Samples = 20, Inputs = 9, Classes = 5;
        var random = new Random(1);
        double[] inputs = [.. Enumerable.Range(0, Samples * Inputs).Select(_ => (2 * random.NextDouble()) - 1)];
        int[] labels = [.. Enumerable.Range(0, Samples).Select(_ => random.Next(Classes))];
        var data = Dataset.Classification("self-test", new(Inputs), SampleStore.Doubles(inputs, Inputs), labels, Classes);
        return (Model.Initialise(Network.Parse("9-14-11-5"), Initialisation.PyTorch, 36), data);
    }
}

/// <summary>The buffers of one check on one backend. Every bench draws the same numbers in the same order.</summary>
internal sealed class SelfTestBench<T>(IBackend backend) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Random _random = new(1);
    private readonly List<IDisposable> _buffers = [];

    public IBackend Backend { get; } = backend;

    public IOps<T> Ops { get; } = backend.Ops<T>();

    /// <summary>Uniform numbers in (−1, 1).</summary>
    public VectorView<T> Vector(long n) => Filled(n, () => T.CreateChecked((2 * _random.NextDouble()) - 1));

    public MatrixView<T> Matrix(long rows, long columns) => Vector(rows * columns).AsMatrix(rows, columns);

    public MatrixBatch<T> Batch(int count, long rows, long columns) =>
        new(Vector(count * rows * columns).Slice(0, rows * columns).AsMatrix(rows, columns), count, rows * columns);

    /// <summary>Rows of positive numbers that each sum to 1.</summary>
    public MatrixView<T> Distributions(long rows, int columns)
    {
        double[] row = new double[columns];
        int at = columns;
        return Filled(rows * columns, () =>
        {
            if (at == columns)
            {
                row = [.. row.Select(_ => 0.01 + _random.NextDouble())];
                at = 0;
            }

            return T.CreateChecked(row[at++] / row.Sum());
        }).AsMatrix(rows, columns);
    }

    public VectorView<int> Labels(long n, int classes) => Filled(n, () => _random.Next(classes));

    public VectorView<double> Doubles(long n) => Filled(n, () => (2 * _random.NextDouble()) - 1);

    /// <summary>NaNs, which a result must replace.</summary>
    public VectorView<T> Poison(long n) => Filled(n, () => T.NaN);

    public MatrixView<T> Poison(long rows, long columns) => Poison(rows * columns).AsMatrix(rows, columns);

    public VectorView<double> PoisonedDoubles(long n) => Filled(n, () => double.NaN);

    /// <summary>Waits, and copies to the host.</summary>
    public double[] Read<TElement>(VectorView<TElement> view) where TElement : unmanaged, INumberBase<TElement>
    {
        return Array.ConvertAll(Backend.Read(view), double.CreateChecked);
    }

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private VectorView<TElement> Filled<TElement>(long n, Func<TElement> next) where TElement : unmanaged
    {
        var values = new TElement[n];
        foreach (ref var value in values.AsSpan())
        {
            value = next();
        }

        var buffer = Backend.Allocate<TElement>(n);
        _buffers.Add(buffer);
        Backend.Write<TElement>(values, buffer.All);
        return buffer.All;
    }
}
