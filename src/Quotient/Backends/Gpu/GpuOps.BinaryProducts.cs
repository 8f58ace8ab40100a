using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Gpu;

/// <summary>Products with matrices of signs.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Terms of a mixed product that are added up one after the other, in T.</summary>
    private const int LongestSum = 4096;

    private readonly IGemmKernel[] _signProducts = SignProducts(backend.Gpu.Traits, backend.EmulatesTensorCores);
    private readonly MixedProductKernel _mixedProduct = new(backend.Gpu.Traits, Unsafe.SizeOf<T>());
    private readonly Dictionary<GemmShape, GemmPlan> _signPlans = [], _mixedPlans = [];

    /// <summary>The bits in each row of both factors, which tensor cores need.</summary>
    private readonly WorkSpace<int> _signCounts = new(backend);

    public void SignProduct(double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c)
    {
        RequireProduct(a.Rows, a.Columns, b, c);
        var shape = new GemmShape(c.Rows, c.Columns, a.Words, 0, 1, false, true, false);
        if (c.Rows == 0 || c.Columns == 0)
        {
            return;
        }

        if (!_signPlans.TryGetValue(shape, out var plan))
        {
            // Whole numbers: a product is so short that no group shares its k with others.
            plan = new(_signProducts.First(kernel => kernel.Supports(shape)).TileFor(shape), 1);
            _signPlans.Add(shape, plan);
        }

        var arguments = default(Arguments);
        arguments.Add(c.Rows);
        arguments.Add(c.Columns);
        arguments.Add(a.Columns);
        arguments.Add(alpha);
        arguments.Add(a);
        arguments.Add(b);
        if (plan.Tile.Kernel == TensorSignProduct.Kernel)
        {
            arguments.AddMemory(CountSigns(a, b));
        }

        arguments.Add(c);
        LaunchTiles(shape, plan, arguments);
    }

    public void MixedProduct(Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c)
    {
        bool turn = transpose == Transpose.Yes;
        var (rows, depth) = turn ? (x.Columns, x.Rows) : (x.Rows, x.Columns);
        RequireProduct(rows, depth, b, c);
        var shape = new GemmShape(rows, c.Columns, depth, 0, 1, turn, true, false);
        if (rows == 0 || c.Columns == 0)
        {
            return;
        }

        if (!_mixedPlans.TryGetValue(shape, out var plan))
        {
            plan = GemmPlan.Of(shape, _mixedProduct.TileFor(shape), Traits).WithSumsOf(LongestSum, shape);
            _mixedPlans.Add(shape, plan);
        }

        var partial = plan.Splits > 1 ? _splitSums.Take(plan.Splits * rows * c.Columns) : c.Buffer.All;
        var arguments = default(Arguments);
        arguments.Add(rows);
        arguments.Add(c.Columns);
        arguments.Add(depth);
        arguments.Add(x);
        arguments.Add(b);
        arguments.Add(alpha);
        arguments.Add(beta);
        arguments.Add(c);
        arguments.Add((long)plan.Splits);
        arguments.AddMemory(partial);
        LaunchTiles(shape, plan, arguments);
        if (plan.Splits > 1)
        {
            Finish(shape, plan.Splits, partial, alpha, beta, c, default);
        }
    }

    private void LaunchTiles(in GemmShape shape, in GemmPlan plan, in Arguments arguments)
    {
        var tile = plan.Tile;
        var grid = new LaunchShape((int)tile.Count(shape), plan.Splits, 1, tile.Threads, 1, tile.SharedBytes);
        Launch(tile.File, tile.Kernel, grid, arguments, tile.Parameters);
    }

    private VectorView<int> CountSigns(BitMatrix a, BitMatrix b)
    {
        long rows = a.Rows + b.Rows;
        var counts = _signCounts.Take(rows);
        var arguments = default(Arguments);
        arguments.Add(a);
        arguments.Add(a.Rows);
        arguments.Add(b);
        arguments.Add(b.Rows);
        arguments.Add(a.Words);
        arguments.AddMemory(counts);
        Launch("binary/count_signs", "count_signs", Rows(rows, a.Words), arguments, RowParameters(a.Words));
        return counts;
    }

    /// <summary>The kernels for products of signs, the preferred one first.</summary>
    private static IGemmKernel[] SignProducts(GpuTraits traits, bool emulates)
    {
        var plain = new PlainSignProduct(traits);
        return emulates || TensorSignProduct.IsOffered(traits) ? [new TensorSignProduct(traits, emulates), plain] : [plain];
    }

    private static void RequireProduct(long rows, long depth, BitMatrix b, MatrixView<T> c)
    {
        RequireSame(depth, b.Columns);
        RequireSame(c.Rows, rows);
        RequireSame(c.Columns, b.Rows);
    }
}
