using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>bits ← sign(op(X) − t), exactly.</summary>
public sealed class PackSignsCase(Transpose transpose, long rows, long columns, double threshold)
    : OpCase("PackSigns", $"{(transpose == Transpose.Yes ? "T " : "")}{rows} × {columns}, t {threshold}")
{
    /// <inheritdoc/>
    public override double Elements => (double)rows * columns;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var x = transpose == Transpose.No ? s.Around(threshold, rows, columns) : s.Around(threshold, columns, rows);
        var (ops, bits) = (s.Ops, s.SignsOutput(rows, columns));
        return () => ops.PackSigns(transpose, x, threshold, bits);
    }
}

/// <summary>Y ← ±1, exactly.</summary>
public sealed class UnpackSignsCase(long rows, long columns) : OpCase("UnpackSigns", $"{rows} × {columns}")
{
    /// <inheritdoc/>
    public override double Elements => (double)rows * columns;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, bits, y) = (s.Ops, s.Signs(rows, columns), s.ExactOutput(rows, columns));
        return () => ops.UnpackSigns(bits, y);
    }
}

/// <summary>C ← α·A·Bᵀ, both of signs: the same bits everywhere.</summary>
public sealed class SignProductCase(long m, long n, long k) : OpCase("SignProduct", $"{m} × {n} × {k}")
{
    /// <inheritdoc/>
    public override double Operations => 2.0 * m * n * k;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, a, b, c) = (s.Ops, s.Signs(m, k), s.Signs(n, k), s.ExactOutput(m, n));
        return () => ops.SignProduct(1 / Math.Sqrt(k), a, b, c);
    }
}

/// <summary>C ← α·op(X)·Bᵀ + β·C, B of signs.</summary>
public sealed class MixedProductCase(Transpose transpose, long m, long n, long k)
    : OpCase("MixedProduct", $"{(transpose == Transpose.Yes ? "T " : "")}{m} × {n} × {k}")
{
    /// <summary>The factor of the product.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The factor of what C holds before.</summary>
    public double Beta { get; init; }

    /// <inheritdoc/>
    public override double Operations => 2.0 * m * n * k;

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()} α {Alpha} β {Beta}";

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var x = transpose == Transpose.No ? s.Input(m, k) : s.Input(k, m);
        var (ops, b, c) = (s.Ops, s.Signs(n, k), Beta == 0 ? s.Output(m, n, Math.Sqrt(k)) : s.InOut(m, n));
        return () => ops.MixedProduct(transpose, Alpha, x, b, Beta, c);
    }
}

/// <summary>Shapes around words, vectors, tiles and parts.</summary>
internal static class BinaryCases
{
    public static void AddTo(Dictionary<string, Func<Random, IEnumerable<OpCase>>> groups)
    {
        groups["PackSigns"] = random =>
            from shape in PackedShapes(random)
            from transpose in Enum.GetValues<Transpose>()
            from threshold in new[] { 0, -0.3 }
            select new PackSignsCase(transpose, shape.Rows, shape.Columns, threshold);
        groups["UnpackSigns"] = random => PackedShapes(random).Select(shape => new UnpackSignsCase(shape.Rows, shape.Columns));
        groups["SignProduct"] = SignProducts;
        groups["MixedProduct of every small shape"] = SmallMixedProducts;
        groups["MixedProduct of shapes around every tile"] = TileMixedProducts;
        groups["MixedProduct of the shapes of nets"] = NetMixedProducts;
    }

    private static IEnumerable<(long Rows, long Columns)> PackedShapes(Random random) =>
    [
        (1, 1), (2, 7), (1, 63), (3, 64), (5, 65), (7, 8), (8, 31), (9, 32), (16, 33), (17, 95), (15, 97), (31, 127), (33, 128),
        (64, 64), (65, 129), (300, 10), (10, 784), (129, 501), (70, 1000), (2, 1100), (1, 70_001),
        (random.Next(1, 200), random.Next(1, 700)),
    ];

    private static IEnumerable<OpCase> SignProducts(Random random)
    {
        long[] rows = [1, 2, 3, 5, 63, 64, 65, 66, 257, 259], columns = [1, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200];
        long[] depths =
        [
            1, 5, 6, 7, 63, 64, 65, 127, 128, 129, 251, 252, 253, 383, 384, 385, 447, 448, 449, 511, 512, 513, 575, 784, 1000, 1023,
            1024, 1025, 4096,
        ];
        foreach (long k in depths)
        {
            yield return new SignProductCase(random.Next(1, 20), random.Next(1, 70), k);
            long m = rows[random.Next(rows.Length)], n = columns[random.Next(columns.Length)];
            yield return new SignProductCase(m, n, Math.Min(k, 600));
        }

        // As deep as the narrowest counters of an implementation may be.
        foreach (long k in new[] { 16_320, 16_384, 31_744, 32_256, 33_000, 65_600 })
        {
            yield return new SignProductCase(3, random.Next(1, 18), k);
        }

        foreach (long n in columns)
        {
            yield return new SignProductCase(random.Next(1, 70), n, random.Next(1, 700));
        }
    }

    private static IEnumerable<OpCase> SmallMixedProducts(Random random) =>
        from transpose in Enum.GetValues<Transpose>()
        from m in new[] { 1, 2, 7, 13 }
        from n in new[] { 1, 3, 10, 33 }
        from k in new[] { 1, 2, 3, 4, 7, 33, 65 }
        select new MixedProductCase(transpose, m, n, k) { Alpha = 0.1 + random.NextDouble(), Beta = random.Next(2) };

    private static IEnumerable<OpCase> TileMixedProducts(Random random)
    {
        int[] rows = [7, 8, 9, 12, 16, 17, 65], columns = [15, 16, 17, 31, 32, 33, 63, 64, 65, 260];
        int[] depths = [31, 32, 33, 63, 64, 65, 127, 255, 256, 257, 511, 512, 513, 700, 1000, 1025];
        for (int i = 0; i < 80; i++)
        {
            int m = rows[random.Next(rows.Length)], n = columns[random.Next(columns.Length)];
            int k = depths[random.Next(depths.Length)];
            yield return new MixedProductCase((Transpose)(i % 2), m, n, k) { Alpha = 0.7, Beta = random.Next(3) / 2.0 };
        }
    }

    private static IEnumerable<OpCase> NetMixedProducts(Random random) =>
    [
        new MixedProductCase(Transpose.No, 100, 501, 784),
        new MixedProductCase(Transpose.No, 100, 784, 501),
        new MixedProductCase(Transpose.No, 100, 501, 10),
        new MixedProductCase(Transpose.Yes, 501, 501, 100),
        new MixedProductCase(Transpose.Yes, 10, 501, 100) { Beta = 1 },
        new MixedProductCase(Transpose.No, 3, 1100, 4096),
        new MixedProductCase(Transpose.No, 2, 5, 40_000),
        new MixedProductCase(Transpose.Yes, 5, 5, 10_000),
        new MixedProductCase(Transpose.No, random.Next(1, 300), random.Next(1, 400), random.Next(1, 900)),
    ];
}
