namespace Quotient.Backends.Gpu;

/// <summary>What a tuner may choose of a kernel and its launch, by the names that <c>kernels/tuned</c> has for it.</summary>
internal abstract record KernelTile
{
    /// <summary>The most threads of a group: as many as a GPU always has registers for, however many a thread uses.</summary>
    protected const int MostThreads = 256;

    /// <summary>The most of any value: what is larger is a slip of the pen.</summary>
    public const int Most = 1 << 14;

    /// <summary>Every choice by its name.</summary>
    public abstract IReadOnlyList<(string Name, int Value)> Values { get; }

    /// <summary>Why no device can compute with these values, as a part of a sentence; null where some can.</summary>
    public virtual string? Problem => null;

    /// <summary>Whether a device has the threads and the local memory.</summary>
    public abstract bool Fits(GpuTraits traits, int bytesOfElement);

    /// <summary>The tile of a kernel from its values.</summary>
    /// <param name="kernel">The kernel's name.</param>
    /// <param name="value">A value by its name.</param>
    /// <returns>Null where no kernel of this name is tuned.</returns>
    public static KernelTile? Read(string kernel, Func<string, int> value) => kernel switch
    {
        PlainTile.Kernel => new PlainTile(
            value("TILE_M"), value("TILE_N"), value("TILE_K"), value("ROWS"), value("COLUMNS"), value("WIDTH"),
            value("THREADS_M"), value("THREADS_N"), value("STAGES")),
        TensorTile.Kernel => new TensorTile(
            value("TILE_M"), value("TILE_N"), value("TILE_K"), value("WARPS_M"), value("WARPS_N"), value("STAGES")),
        BasisTile.Project or BasisTile.Deflate => new BasisTile(value("ROWS_AT_ONCE"), value("ELEMENTS")),
        ElementsTile.Kernel => new ElementsTile(value("ELEMENTS_OF_GROUP"), value("GROUPS_OF_UNIT")),
        _ => null,
    };

    /// <summary>The sorts of shapes for which a kernel has a tile each; one without a name where all share a tile.</summary>
    public static IEnumerable<string> Shapes(string kernel) => kernel switch
    {
        PlainTile.Kernel => GemmSort.All.Select(sort => sort.Name),
        TensorTile.Kernel => GemmSort.All.SelectMany(sort => TensorTile.Terms.Select(terms => TensorTile.ShapeOf(sort, terms))),
        _ => [""],
    };

    /// <summary>A sentence's part where a value is no multiple of another.</summary>
    protected static string? Indivisible(string name, long value, string unitName, long unit) =>
        value % unit == 0 ? null : $"{name}, {value}, is no multiple of {unitName}, {unit}";
}

/// <summary>The tile of <c>dense/gemm</c>, with the names of its parameters.</summary>
internal sealed record PlainTile(
    int TileM, int TileN, int TileK, int Rows, int Columns, int Width, int ThreadsM, int ThreadsN, int Stages) : KernelTile
{
    /// <summary>The kernel's name.</summary>
    public const string Kernel = "gemm";

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
        ?? (Stages == 1 ? null
            : Indivisible("TILE_M × TILE_K", TileM * TileK, "the threads of a group", Threads)
            ?? Indivisible("TILE_N × TILE_K", TileN * TileK, "the threads of a group", Threads));

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
    public GemmTile For(in GemmShape shape) => new(Kernel, TileM, TileN, TileK, Threads, 0, shape.Transpositions
        .With([.. Values]).With(("SPAN_M", Span(Rows)), ("SPAN_N", Span(Columns))));

    /// <summary>Adjacent elements that one load from local memory brings.</summary>
    private static int Span(int count) => count % 4 == 0 ? 4 : count % 2 == 0 ? 2 : 1;
}

/// <summary>The tile of <c>dense/gemm_tensor</c>, with the names of its parameters.</summary>
internal sealed record TensorTile(int TileM, int TileN, int TileK, int WarpsM, int WarpsN, int Stages) : KernelTile
{
    /// <summary>The kernel's name.</summary>
    public const string Kernel = "gemm_tensor";

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
        && GemmSort.All.All(sort => SharedBytes(sort.TransposeA, sort.TransposeB) <= traits.LocalBytes);

    /// <summary>The name of a sort of shapes, in one of the precisions.</summary>
    public static string ShapeOf(GemmSort sort, int terms) =>
        $"{sort.Name} {(terms == 1 ? MatrixPrecision.Tensor : MatrixPrecision.SplitTensor).Name()}";

    /// <summary>The launch's tile for a shape.</summary>
    public GemmTile For(in GemmShape shape, int terms) => new(
        Kernel, TileM, TileN, TileK, Threads, (int)SharedBytes(shape.TransposeA, shape.TransposeB),
        shape.Transpositions.With([.. Values]).With(("TERMS", terms), ("ALIGNED", shape.IsAligned ? 1 : 0)));

    private long SharedBytes(bool transposeA, bool transposeB)
    {
        long sizeA = transposeA ? TileK * (TileM + 8) : TileM * (TileK + 4);
        long sizeB = transposeB ? TileN * (TileK + 4) : TileK * (TileN + 8);
        return Stages * (sizeA + sizeB) * sizeof(float);
    }
}

/// <summary>The tile of a kernel of <c>orthogonal/</c>: rows that a thread takes at once, and elements of each.</summary>
internal sealed record BasisTile(int Rows, int Elements) : KernelTile
{
    /// <summary>The kernels' names.</summary>
    public const string Project = "project", Deflate = "deflate";

    /// <summary>The tile where nothing better is known.</summary>
    public static BasisTile Default(string kernel, GpuTraits traits) => (kernel, traits.IsProcessor) switch
    {
        (Project, true) => new(4, 64),
        (Project, false) => new(8, 2),
        (_, true) => new(8, 256),
        _ => new(4, 4),
    };

    public override IReadOnlyList<(string Name, int Value)> Values => [("ROWS_AT_ONCE", Rows), ("ELEMENTS", Elements)];

    public override bool Fits(GpuTraits traits, int bytesOfElement) =>
        (long)Rows * (traits.IsProcessor ? 1 : MostThreads) * sizeof(double) <= Math.Min(48 << 10, traits.LocalBytes);
}

/// <summary>How elements are dealt to groups: how many are worth one, and how many groups keep a multiprocessor busy.</summary>
internal sealed record ElementsTile(int ElementsOfGroup, int GroupsOfUnit) : KernelTile
{
    /// <summary>What stands for all kernels that go over elements with FOR_EACH.</summary>
    public const string Kernel = "elements";

    /// <summary>The values where nothing better is known.</summary>
    public static ElementsTile Default { get; } = new(1024, 8);

    public override IReadOnlyList<(string Name, int Value)> Values =>
        [("ELEMENTS_OF_GROUP", ElementsOfGroup), ("GROUPS_OF_UNIT", GroupsOfUnit)];

    public override bool Fits(GpuTraits traits, int bytesOfElement) => true;
}
