namespace Quotient.Backends.Gpu.Products;

/// <summary>Products: one tile loop, in <c>kernels/product</c>, whatever the operands are read from.</summary>
internal sealed class GpuProductOps<T>(Launcher<T> launcher, MatrixPrecision precision, TunedValues tuned) : IProductOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IProductKernel[] _kernels = Kernels(launcher.Backend, precision, tuned);
    private readonly Dictionary<ProductShape, ProductPlan> _plans = [];

    /// <summary>Sums of products whose k is dealt to several groups.</summary>
    private readonly WorkSpace<T> _splitSums = new(launcher.Backend);

    /// <summary>The bits in each row of two matrices of signs, which tensor cores need.</summary>
    private readonly WorkSpace<int> _counts = new(launcher.Backend);

    public void Multiply(in Product<T> product)
    {
        var shape = ProductShape.Of(product);
        if (shape.Rows == 0 || shape.Columns == 0)
        {
            return;
        }

        var (tile, splits) = Plan(shape);
        var (a2, b2) = product.IsPair ? (product.A2, product.B2) : (product.A, product.B);
        var partial = splits > 1 ? _splitSums.Take(shape.Members * splits * shape.Rows * shape.Columns) : product.C.First.Buffer.All;
        var arguments = new Arguments { shape.Rows, shape.Columns, shape.Depth, shape.SecondDepth };
        if (shape.IsConvolution)
        {
            arguments.AddPatches(product.A.IsPatches ? product.A : product.B);
        }

        arguments.Add(product.A);
        arguments.Add(product.B);
        arguments.Add(a2);
        arguments.Add(b2);
        AddResult(ref arguments, product);
        arguments.Add((long)splits);
        arguments.Add(partial.Buffer);
        if (shape.IsCounted && tile.Kernel == TensorTile.File)
        {
            arguments.Add(CountSigns(product.A.Signs, product.B.Signs));
        }

        var grid = new LaunchShape((int)tile.Count(shape), 1, shape.Members * splits, tile.Threads, 1, tile.SharedBytes);
        launcher.Launch(tile.File, tile.Kernel, grid, arguments, tile.Parameters);
        if (splits > 1)
        {
            Finish(shape, splits, partial, product);
        }
    }

    /// <summary>The plan for a shape, made once: a net's products have few shapes, and each launch needs the plan of one.</summary>
    private ProductPlan Plan(in ProductShape shape)
    {
        if (!_plans.TryGetValue(shape, out var plan))
        {
            var wanted = shape;
            plan = ProductPlan.Of(shape, _kernels.First(kernel => kernel.Supports(wanted)).TileFor(shape), launcher.Traits);
            _plans.Add(shape, plan);
        }

        return plan;
    }

    /// <summary>The kernels, the preferred one first.</summary>
    private static IProductKernel[] Kernels(GpuBackend backend, MatrixPrecision precision, TunedValues tuned)
    {
        var traits = backend.Gpu.Traits;
        bool emulates = backend.EmulatesTensorCores;
        int terms = typeof(T) != typeof(float) || precision == MatrixPrecision.Full ? 0 : precision == MatrixPrecision.Tensor ? 1 : 3;
        var plain = new PlainProduct(traits, TunedKey.Of<T>(PlainTile.Kernel).Real, tuned);
        return emulates || TensorProduct.IsOffered(traits) ? [new TensorProduct(traits, terms, emulates, tuned), plain] : [plain];
    }

    /// <summary>α, β, C, and the epilogue; what is absent is C itself, which the kernel then does not touch.</summary>
    private static void AddResult(ref Arguments arguments, in Product<T> product)
    {
        var (c, epilogue) = (product.C, product.Epilogue);
        arguments.Add(product.Alpha);
        arguments.Add(product.Beta);
        arguments.Add(c);
        arguments.Add(epilogue.HasBias ? epilogue.Bias : c.First.Buffer.All);
        arguments.Add(epilogue.BiasStep);
        arguments.Add(epilogue.HasMask ? epilogue.Mask : c.First);
        arguments.Add((epilogue.HasBias ? 1 : 0) | (epilogue.Relu ? 2 : 0) | (epilogue.HasMask ? 4 : 0));
    }

    private void Finish(in ProductShape shape, int splits, VectorView<T> partial, in Product<T> product)
    {
        var arguments = new Arguments { shape.Rows, shape.Columns, (long)shape.Members, (long)splits, partial.Buffer };
        AddResult(ref arguments, product);
        launcher.Each("product/finish_product", "finish_product", shape.Members * shape.Rows * shape.Columns, arguments);
    }

    private DeviceBuffer<int> CountSigns(BitMatrix a, BitMatrix b)
    {
        long rows = a.Rows + b.Rows;
        var counts = _counts.Take(rows).Buffer;
        launcher.Rows("product/count_signs", "count_signs", rows, a.Words, new() { a, a.Rows, b, counts });
        return counts;
    }
}
