using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// How a product is cut so that each piece stays in the cache that reuses it. The cuts that change how sums are grouped
/// (those of k) depend on the shape alone; so do the bits of the result.
/// </summary>
internal readonly struct Blocking
{
    private const int DepthOfBlock = 1024;
    private const int BytesOfTask = 512 << 10;
    private const long BytesOfSlab = 8 << 20;
    private const int TasksPerThread = 4;
    private const double OperationsOfTask = 5e5;

    /// <summary>Steps of k in a block: a tile is so deep that fetching and storing C hides behind it.</summary>
    public nint Depth { get; private init; }

    /// <summary>Steps of k, and columns, whose packed part of B is kept at once.</summary>
    public nint SlabDepth { get; private init; }

    /// <inheritdoc cref="SlabDepth"/>
    public nint SlabColumns { get; private init; }

    /// <summary>Rows, and columns, of what a thread takes at once.</summary>
    public nint TaskRows { get; private init; }

    /// <inheritdoc cref="TaskRows"/>
    public nint TaskColumns { get; private init; }

    /// <summary>Whether A is packed: worth it when each of its elements is used for many columns.</summary>
    public bool PackA { get; private init; }

    /// <summary>Whether B is packed: worth it when each of its elements is used for many rows, needed when it is transposed.</summary>
    public bool PackB { get; private init; }

    /// <summary>The cuts of one product.</summary>
    public static Blocking Of<T>(in Product<T> product, Kernels<T> kernels, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int ReuseWorthPacking = 4;
        nint depth = CeilingDivide(product.Depth, Math.Max(1, CeilingDivide(product.Depth, DepthOfBlock)));
        nint slabColumns = Math.Min(RoundUp(product.Columns, kernels.Columns), 4096);
        nint blocks = (nint)Math.Max(1, BytesOfSlab / (Math.Max(depth, 1) * slabColumns * Unsafe.SizeOf<T>()));
        nint panels = CeilingDivide(product.Rows, kernels.Rows);
        double wanted = Math.Clamp(product.Operations / OperationsOfTask, 1, threads == 1 ? 1 : threads * TasksPerThread);
        nint most = Math.Max(1, BytesOfTask / (Math.Max(depth, 1) * kernels.Rows * Unsafe.SizeOf<T>()));
        nint taskPanels = Math.Clamp((nint)Math.Ceiling(panels / wanted), 1, most);
        nint strips = (nint)Math.Ceiling(wanted / CeilingDivide(panels, taskPanels));
        return new()
        {
            Depth = depth,
            SlabDepth = Math.Max(1, depth * blocks),
            SlabColumns = slabColumns,
            TaskRows = taskPanels * kernels.Rows,
            TaskColumns = RoundUp(CeilingDivide(Math.Min(slabColumns, product.Columns), strips), kernels.Columns),
            PackA = product.Columns > ReuseWorthPacking * kernels.Columns,
            PackB = product.BColumn != 1 || product.Rows > ReuseWorthPacking * kernels.Rows,
        };
    }

    internal static nint CeilingDivide(nint value, nint by) => (value + by - 1) / by;

    internal static nint RoundUp(nint value, nint to) => CeilingDivide(value, to) * to;
}
