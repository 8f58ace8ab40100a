using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Gpu;

/// <summary>Dense products.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IGemmKernel[] _products = Products(
        backend.Gpu.Traits, precision, backend.EmulatesTensorCores, tuned);
    private readonly Dictionary<GemmShape, GemmPlan> _plans = [];

    /// <summary>Sums of products whose k is dealt to several groups.</summary>
    private readonly WorkSpace<T> _splitSums = new(backend);

    private void Multiply(
        Transpose transposeA, Transpose transposeB, double alpha, MatrixBatch<T> a, MatrixBatch<T> b,
        (MatrixBatch<T> A, MatrixBatch<T> B)? second, double beta, MatrixBatch<T> c, Epilogue<T> epilogue)
    {
        bool turnA = transposeA == Transpose.Yes, turnB = transposeB == Transpose.Yes;
        long depth = Depth(turnA, turnB, a.First, b.First, c.First);
        long secondDepth = second is { } pair ? Depth(turnA, turnB, pair.A.First, pair.B.First, c.First) : 0;
        var (a2, b2) = second ?? (a, b);
        bool aligned = IsAligned(a) && IsAligned(b) && IsAligned(a2) && IsAligned(b2);
        var shape = new GemmShape(c.First.Rows, c.First.Columns, depth, secondDepth, c.Count, turnA, turnB, aligned);
        if (shape.Rows == 0 || shape.Columns == 0)
        {
            return;
        }

        var plan = Plan(shape);
        var arguments = Factors(shape, a, b, a2, b2);
        Result(ref arguments, alpha, beta, c, epilogue);
        var partial = plan.Splits > 1 ? _splitSums.Take(shape.Members * plan.Splits * shape.Rows * shape.Columns) : c.First.Buffer.All;
        arguments.Add((long)plan.Splits);
        arguments.AddMemory(partial);
        var tile = plan.Tile;
        var grid = new LaunchShape((int)tile.Count(shape), 1, shape.Members * plan.Splits, tile.Threads, 1, tile.SharedBytes);
        Launch(tile.File, tile.Kernel, grid, arguments, tile.Parameters);
        if (plan.Splits > 1)
        {
            Finish(shape, plan.Splits, partial, alpha, beta, c, epilogue);
        }
    }

    /// <summary>The kernels for products, the preferred one first.</summary>
    private static IGemmKernel[] Products(GpuTraits traits, MatrixPrecision precision, bool emulates, TunedValues tuned)
    {
        var plain = new PlainGemm(traits, TunedKey.Of<T>(PlainTile.Kernel).Real, tuned);
        bool tensor = typeof(T) == typeof(float) && precision != MatrixPrecision.Full && (emulates || TensorGemm.IsOffered(traits));
        return tensor ? [new TensorGemm(traits, precision == MatrixPrecision.Tensor ? 1 : 3, emulates, tuned), plain] : [plain];
    }

    /// <summary>The plan for a shape, made once: a net's products have few shapes, and each launch needs the plan of one.</summary>
    private GemmPlan Plan(GemmShape shape)
    {
        if (!_plans.TryGetValue(shape, out var plan))
        {
            plan = GemmPlan.Of(shape, _products.First(kernel => kernel.Supports(shape)).TileFor(shape), Traits);
            _plans.Add(shape, plan);
        }

        return plan;
    }

    private static bool IsAligned(MatrixBatch<T> batch)
    {
        int unit = 16 / Unsafe.SizeOf<T>();
        return batch.First.Offset % unit == 0 && batch.First.Stride % unit == 0 && batch.Step % unit == 0;
    }

    private static Arguments Factors(
        in GemmShape shape, MatrixBatch<T> a, MatrixBatch<T> b, MatrixBatch<T> a2, MatrixBatch<T> b2)
    {
        var arguments = default(Arguments);
        arguments.Add(shape.Rows);
        arguments.Add(shape.Columns);
        arguments.Add(shape.Depth);
        arguments.Add(shape.SecondDepth);
        arguments.Add(a);
        arguments.Add(b);
        arguments.Add(a2);
        arguments.Add(b2);
        return arguments;
    }

    /// <summary>α, β, C, and the epilogue; what is absent is C itself, which the kernel then does not touch.</summary>
    private static void Result(ref Arguments arguments, double alpha, double beta, MatrixBatch<T> c, Epilogue<T> epilogue)
    {
        arguments.Add(alpha);
        arguments.Add(beta);
        arguments.Add(c);
        arguments.Add(epilogue.HasBias ? epilogue.Bias : c.First.Buffer.All);
        arguments.Add(epilogue.BiasStep);
        arguments.Add(epilogue.HasMask ? epilogue.Mask : c.First);
        arguments.Add((epilogue.HasBias ? 1 : 0) | (epilogue.Relu ? 2 : 0) | (epilogue.HasMask ? 4 : 0));
    }

    private void Finish(
        in GemmShape shape, int splits, VectorView<T> partial, double alpha, double beta, MatrixBatch<T> c, Epilogue<T> epilogue)
    {
        var arguments = default(Arguments);
        arguments.Add(shape.Rows);
        arguments.Add(shape.Columns);
        arguments.Add((long)shape.Members);
        arguments.Add((long)splits);
        arguments.AddMemory(partial);
        Result(ref arguments, alpha, beta, c, epilogue);
        Launch("dense/gemm_finish", "gemm_finish", Each(shape.Members * shape.Rows * shape.Columns), arguments);
    }

    /// <summary>The inner length of a product, whose shapes are checked.</summary>
    private static long Depth(bool turnA, bool turnB, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c)
    {
        var (rows, depth) = turnA ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        var (inner, columns) = turnB ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        return inner == depth && c.Rows == rows && c.Columns == columns
            ? depth
            : throw new ArgumentException(
                $"Shapes do not multiply: ({rows} × {depth})·({inner} × {columns}) into {c.Rows} × {c.Columns}.");
    }
}
