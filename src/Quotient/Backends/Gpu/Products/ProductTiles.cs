namespace Quotient.Backends.Gpu.Products;

/// <summary>The tile of <c>product/product</c>, with the names of its parameters.</summary>
internal sealed record PlainTile(
    int TileM, int TileN, int TileK, int Rows, int Columns, int Width, int ThreadsM, int ThreadsN, int Stages) : KernelTile
{
    /// <summary>The kernel's name in <c>kernels/tuned</c>, and in <c>kernels/product</c>.</summary>
    public const string Kernel = "gemm", File = "product";

    /// <summary>Elements between the steps of k in local memory, PADDING in the kernel.</summary>
    private const int Padding = 4;

    public override IReadOnlyList<(string Name, int Value)> Values =>
    [
        ("TILE_M", TileM), ("TILE_N", TileN), ("TILE_K", TileK), ("ROWS", Rows), ("COLUMNS", Columns), ("WIDTH", Width),
        ("THREADS_M", ThreadsM), ("THREADS_N", ThreadsN), ("STAGES", Stages),
    ];

    public override string? Problem =>
        Indivisible("TILE_M", TileM, "ROWS × THREADS_M", (long)Rows * ThreadsM)
        ?? Indivisible("TILE_N", TileN, "COLUMNS × WIDTH × THREADS_N", (long)Columns * Width * ThreadsN)
        ?? (Width is 1 or 2 or 4 or 8 or 16 ? null : $"there are no vectors of {Width} elements")
        ?? (Stages <= 2 ? null : $"STAGES is {Stages} and must be 1 or 2")
        ?? ((ThreadsM == 1 || TileM == (long)Rows * ThreadsM) && (ThreadsN == 1 || TileN == (long)Columns * Width * ThreadsN)
            ? null : "only a thread that is alone along a side goes over several blocks")
        ?? Indivisible("TILE_M × TILE_K", TileM * TileK, "the threads of a group", Threads)
        ?? Indivisible("TILE_N × TILE_K", TileN * TileK, "the threads of a group", Threads);

    private int Threads => ThreadsM * ThreadsN;

    public override bool Fits(GpuTraits traits, int bytesOfElement)
    {
        // CUDA has no vectors of the kind, and a kernel may declare so much shared memory.
        const int CudaDeclared = 48 << 10;
        long shared = (long)Stages * TileK * (TileM + TileN + (2 * Padding)) * bytesOfElement;
        bool isCuda = traits.Dialect == "cuda";
        return Threads <= Math.Min(traits.GroupLimit, MostThreads) && (Width == 1 || !isCuda)
            && shared <= (isCuda ? Math.Min(CudaDeclared, traits.LocalBytes) : traits.LocalBytes);
    }

    /// <summary>The launch's tile for a shape.</summary>
    public ProductTile For(in ProductShape shape)
    {
        var parameters = shape.Operands.With([.. Values]);
        if (shape.IsMixed || shape.IsCounted)
        {
            // The tiles of a row of C follow each other, so that they share what is larger than signs in the second-level cache.
            parameters = parameters.With(("BAND", 1));
        }

        // Words are so long that one more than the tile, or than a vector, spreads a column over the banks.
        parameters = shape.IsCounted
            ? parameters.With(("SPAN_M", 1), ("SPAN_N", 1), ("PADDING", Width))
            : parameters.With(("SPAN_M", Span(Rows)), ("SPAN_N", Span(Columns)));
        return new(File, TileM, TileN, TileK, Threads, 0, parameters);
    }

    /// <summary>Adjacent elements that one load from local memory brings.</summary>
    private static int Span(int count) => count % 4 == 0 ? 4 : count % 2 == 0 ? 2 : 1;
}

/// <summary>The tile of <c>product/product_tensor</c>, with the names of its parameters.</summary>
internal sealed record TensorTile(int TileM, int TileN, int TileK, int WarpsM, int WarpsN, int Stages) : KernelTile
{
    /// <summary>The kernel's name in <c>kernels/tuned</c>, and in <c>kernels/product</c>.</summary>
    public const string Kernel = "gemm_tensor", File = "product_tensor";

    /// <summary>Products whose sum is one of two floats.</summary>
    public static IReadOnlyList<int> Terms { get; } = [1, 3];

    public override IReadOnlyList<(string Name, int Value)> Values =>
    [
        ("TILE_M", TileM), ("TILE_N", TileN), ("TILE_K", TileK), ("WARPS_M", WarpsM), ("WARPS_N", WarpsN), ("STAGES", Stages),
    ];

    public override string? Problem =>
        Indivisible("TILE_M", TileM, "16 × WARPS_M", 16L * WarpsM)
        ?? Indivisible("TILE_N", TileN, "8 × WARPS_N", 8L * WarpsN)
        ?? Indivisible("TILE_K", TileK, "the depth of a tensor core's product", 8)
        ?? (Stages >= 2 ? null : "STAGES is 1, and copies that no thread waits for need 2");

    private int Threads => 32 * WarpsM * WarpsN;

    public override bool Fits(GpuTraits traits, int bytesOfElement) =>
        Threads <= Math.Min(traits.GroupLimit, MostThreads)
        && ProductSort.All.All(sort => SharedBytes(sort.TransposeA, sort.TransposeB) <= traits.LocalBytes);

    /// <summary>The name of a sort of shapes, in one of the precisions.</summary>
    public static string ShapeOf(ProductSort sort, int terms) =>
        $"{sort.Name} {(terms == 1 ? MatrixPrecision.Tensor : MatrixPrecision.SplitTensor).Name()}";

    /// <summary>The launch's tile for a shape.</summary>
    public ProductTile For(in ProductShape shape, int terms)
    {
        var parameters = shape.Operands.With([.. Values]).With(("ALIGNED", shape.IsAligned ? 1 : 0));
        int partsOfStep = shape.IsCounted ? sizeof(ulong) / sizeof(float) : 1;
        return new(
            File, TileM, TileN, TileK, Threads, (int)SharedBytes(shape.TransposeA, shape.TransposeB, partsOfStep),
            shape.IsCounted ? parameters : parameters.With(("TERMS", terms)));
    }

    /// <summary>Bytes of the tiles in flight, whose elements are parts of 32 bits, one for each step or two.</summary>
    private long SharedBytes(bool transposeA, bool transposeB, int partsOfStep = 1)
    {
        long sizeA = transposeA ? TileK * (TileM + 8) : TileM * ((TileK * partsOfStep) + 4);
        long sizeB = transposeB ? TileN * ((TileK * partsOfStep) + 4) : TileK * (TileN + 8);
        return Stages * (sizeA + sizeB) * sizeof(float);
    }
}
