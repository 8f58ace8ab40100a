using Quotient.Backends.Gpu.Products;

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
        PlainTile.Kernel => ProductSort.All.Select(sort => sort.Name),
        TensorTile.Kernel => ProductSort.All.SelectMany(sort => TensorTile.Terms.Select(terms => TensorTile.ShapeOf(sort, terms))),
        _ => [""],
    };

    /// <summary>A sentence's part where a value is no multiple of another.</summary>
    protected static string? Indivisible(string name, long value, string unitName, long unit) =>
        value % unit == 0 ? null : $"{name}, {value}, is no multiple of {unitName}, {unit}";
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
