using System.Globalization;
using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.Products;
using Quotient.Cases.Ops;

namespace Quotient.Perf.Tuning;

/// <summary>Finds the best tile of each kernel in one precision: what computes right and is clearly faster than the default.</summary>
internal sealed class Tuner<T>(GpuBackend backend, Race race, TunedFile found)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A tile must be so many times as fast as the default; less is noise, or not worth a line.</summary>
    private const double WorthChange = 1.03;

    private const int FirstRounds = 3, Finalists = 3, FinalRounds = 11, ConfirmingRounds = 15;

    private readonly bool _isSingle = typeof(T) == typeof(float);

    private GpuTraits Traits => backend.Gpu.Traits;

    /// <summary><c>product/product</c> for every sort of shapes: a step each transposition.</summary>
    public IEnumerable<Action<Deadline>> Plain() => Products(
        PlainTile.Kernel, MatrixPrecision.Full, [.. Candidates.Plain(Traits, TunedKey.Of<T>("").BytesOfElement)],
        sort => PlainProduct.Default(sort.Size, TunedKey.Of<T>("").BytesOfElement, Traits), sort => sort.Name, Enum.GetValues<ProductSize>());

    /// <summary><c>product/product_tensor</c> for the sorts of shapes that it is used for.</summary>
    public IEnumerable<Action<Deadline>> Tensor(MatrixPrecision products) => Products(
        TensorTile.Kernel, products, [.. Candidates.Tensor(Traits)], sort => TensorProduct.Default(sort.Size),
        sort => TensorTile.ShapeOf(sort, products == MatrixPrecision.Tensor ? 1 : 3), [ProductSize.Large, ProductSize.Small]);

    /// <summary>A kernel of <c>orthogonal/</c>.</summary>
    public void Basis(string kernel, Deadline deadline)
    {
        var standard = BasisTile.Default(kernel, Traits);
        var checks = new OpCase[] { new ProjectCase(11, 5003), new DeflateCase(11, 5003), new ProjectCase(1, 70), new DeflateCase(1, 70) };
        var rivals = Rivals(kernel, MatrixPrecision.Full, [standard, .. Candidates.Basis(kernel, Traits)], _ => checks, deadline);
        // A Krylov space has any number of rows: of these, every tile has some left over.
        long rows = 47, columns = Traits.IsProcessor ? 200_000 : 4_000_000;
        using var basis = backend.Allocate<T>(rows * columns);
        using var w = backend.Allocate<T>(columns);
        using var c = backend.Allocate<double>(rows);
        backend.Ops<T>().Normal(1, 0, w.All);
        var matrix = basis.Matrix(rows, columns);
        Decide(TunedKey.Of<T>(kernel), standard, rivals, ops => kernel == BasisTile.Project
            ? () => ops.Project(matrix, w.All, c.All)
            : () => ops.Deflate(matrix, c.All, w.All));
    }

    /// <summary>Elements to a group, and groups to a multiprocessor.</summary>
    public void Elements(Deadline deadline)
    {
        var checks = new OpCase[]
        {
            new VectorCase(VectorOperation.Axpy, 70_001), new VectorCase(VectorOperation.Dot, 70_001), new VectorCase(VectorOperation.Dot, 3),
        };
        KernelTile[] tiles = [ElementsTile.Default, .. Candidates.Elements()];
        var rivals = Rivals(ElementsTile.Kernel, MatrixPrecision.Full, tiles, _ => checks, deadline);
        long n = Traits.IsProcessor ? 4_000_000 : 64_000_000;
        using var x = backend.Allocate<T>(n);
        using var y = backend.Allocate<T>(n);
        using var sum = backend.Allocate<double>(1);
        Decide(TunedKey.Of<T>(ElementsTile.Kernel), ElementsTile.Default, rivals, ops => () =>
        {
            ops.Axpy(1e-6, x.All, y.All);
            ops.Dot(x.All, y.All, sum.All);
        });
    }

    private IEnumerable<Action<Deadline>> Products(
        string kernel, MatrixPrecision products, KernelTile[] tiles, Func<ProductSort, KernelTile> standard, Func<ProductSort, string> name,
        ProductSize[] sizes)
    {
        return ProductSort.All.Where(sort => sizes.Contains(sort.Size)).GroupBy(sort => (sort.TransposeA, sort.TransposeB))
            .Select(sorts => (Action<Deadline>)(deadline => Tune([.. sorts], deadline)));

        void Tune(ProductSort[] sorts, Deadline deadline)
        {
            var rivals = Rivals(
                kernel, products, [.. sorts.Select(standard), .. tiles], tile => ProductChecks(sorts[0], tile), deadline);
            foreach (var sort in sorts)
            {
                using var problem = new ProductProblem<T>(backend, sort);
                Decide(TunedKey.Of<T>(kernel, name(sort)), standard(sort), rivals, problem.Call);
            }
        }
    }

    /// <summary>Products around the edges of a tile: with an epilogue, in a batch, in a pair, and deep enough for k to be dealt out.</summary>
    private static IEnumerable<OpCase> ProductChecks(ProductSort sort, KernelTile tile)
    {
        int Value(string name) => tile.Values.First(value => value.Name == name).Value;
        int m = Value("TILE_M"), n = Value("TILE_N"), k = Value("TILE_K");
        var (a, b) = (sort.TransposeA ? Transpose.Yes : Transpose.No, sort.TransposeB ? Transpose.Yes : Transpose.No);
        yield return new GemmCase(a, b, m + 1, n - 1, 7) { Beta = 0.5, Epilogue = GemmEpilogue.Bias | GemmEpilogue.Mask };
        yield return new GemmCase(a, b, m + 4, 8, k + 4) { Count = 2, Epilogue = GemmEpilogue.Relu };
        yield return new GemmCase(a, b, 12, n + 8, (2 * k) + 4);
        yield return new GemmPairCase(a, b, 37, 41, k - 1, k + 1) { HasEpilogue = true };
        yield return new GemmCase(a, b, 36, 40, Math.Min(40 * k, 1500));
    }

    /// <summary>The tiles that compile, run and compute what the reference does; a line for each that does not.</summary>
    private List<Rival<T>> Rivals(
        string kernel, MatrixPrecision products, IEnumerable<KernelTile> tiles, Func<KernelTile, IEnumerable<OpCase>> checks,
        Deadline deadline)
    {
        double tolerance = !_isSingle ? 2e-13 : products == MatrixPrecision.Tensor ? 2e-3 : 1e-5;
        var rivals = new List<Rival<T>>();
        foreach (var tile in tiles.Distinct().TakeWhile((_, index) => index == 0 || !deadline.IsPast))
        {
            var rival = Rival<T>.Of(backend, products, kernel, tile);
            string? mistake;
            try
            {
                mistake = rival.Mistake(backend, checks(tile), tolerance);
            }
            catch (DeviceException error)
            {
                mistake = error.Message.Split('\n')[0];
            }

            if (mistake is null)
            {
                rivals.Add(rival);
            }
            else
            {
                Console.WriteLine($"skipped: {kernel}, {Describe(tile)}: {mistake}");
            }
        }

        return rivals;
    }

    /// <summary>Keeps the fastest tile if it is clearly faster than the default, twice: the fastest of many is lucky once.</summary>
    private void Decide(TunedKey key, KernelTile standard, IReadOnlyList<Rival<T>> rivals, Func<IOps<T>, Action> problem)
    {
        if (rivals.FirstOrDefault(rival => rival.Tile == standard) is not { } first)
        {
            Console.WriteLine($"| {key.Kernel} | {key.Real} | {key.Shape} | not tried | | |");
            return;
        }

        var others = rivals.Where(rival => rival != first).ToList();
        others = [.. Best(first, others, FirstRounds, problem).Take(Finalists).Select(best => best.Rival)];
        others = [.. Best(first, others, FinalRounds, problem).Take(1).Select(best => best.Rival)];
        var (winner, gain) = Best(first, others, ConfirmingRounds, problem).FirstOrDefault((first, 1));
        (winner, gain) = gain > 1 ? (winner, gain) : (first, 1);
        bool isKept = gain >= WorthChange;
        if (isKept)
        {
            found.Add(key, winner.Tile, gain);
        }

        string factor = gain.ToString("F2", CultureInfo.InvariantCulture);
        Console.WriteLine($"| {key.Kernel} | {key.Real} | {key.Shape} | {Describe(winner.Tile)} | {factor} | {(isKept ? "kept" : "")} |");
    }

    private IEnumerable<(Rival<T> Rival, double Gain)> Best(
        Rival<T> first, IReadOnlyList<Rival<T>> others, int rounds, Func<IOps<T>, Action> problem)
    {
        double[] gains = race.Gains([problem(first.Ops), .. others.Select(rival => problem(rival.Ops))], rounds);
        return others.Zip(gains.Skip(1)).OrderByDescending(pair => pair.Second);
    }

    private static string Describe(KernelTile tile) => string.Join(' ', tile.Values.Select(value => $"{value.Name} {value.Value}"));
}
