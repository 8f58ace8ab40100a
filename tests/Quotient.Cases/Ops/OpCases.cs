using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>
/// The cases by operation: sizes at which implementations change their way, and others drawn from a random source.
/// </summary>
public static class OpCases
{
    /// <summary>
    /// The largest error of floats, relative to the largest value. The reference adds up to 200,003 terms one after the other: √n
    /// roundings of its own.
    /// </summary>
    public const double SingleTolerance = 1e-5;

    /// <summary>The same for doubles.</summary>
    public const double DoubleTolerance = 2e-13;

    private static readonly long[] Lengths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 127, 128, 129, 255, 257, 4095, 4097];

    /// <summary>The groups of cases, by name.</summary>
    public static IReadOnlyDictionary<string, Func<Random, IEnumerable<OpCase>>> Groups { get; } = Make();

    private static Dictionary<string, Func<Random, IEnumerable<OpCase>>> Make()
    {
        var groups = new Dictionary<string, Func<Random, IEnumerable<OpCase>>>();
        foreach (var operation in Enum.GetValues<VectorOperation>())
        {
            groups[operation.ToString()] = random =>
                [.. Lengths.Append(200_003).Append(random.Next(1, 20_000)).Select(n => new VectorCase(operation, n))];
        }

        foreach (var operation in Enum.GetValues<LossOperation>())
        {
            groups[operation.ToString()] = random => LossShapes(random).Select(s => new LossCase(operation, s.N, s.C, s.Stacked));
        }

        groups["Mask"] = random => Stacked(random, (n, stacked, inPlace) => new MaskCase(n, stacked, inPlace));
        groups["MaskNear"] = random => Stacked(random, (n, stacked, inPlace) => new MaskNearCase(n, stacked, inPlace));
        groups["Project"] = random => BasisShapes(random).Select(s => new ProjectCase(s.K, s.N));
        groups["Deflate"] = random => BasisShapes(random).Select(s => new DeflateCase(s.K, s.N));
        groups["Rotate"] = random =>
            from s in BasisShapes(random)
            from p in new[] { 1, (s.K + 1) / 2, s.K }.Distinct()
            select new RotateCase(s.K, p, s.N);
        groups["SumRows"] = random =>
            from s in MatrixShapes(random)
            from beta in new[] { 0, 1, -0.5 }
            select new SumRowsCase(s.Rows, s.Columns, beta);
        groups["RowSquares"] = random => MatrixShapes(random).Select(s => new RowSquaresCase(s.Rows, s.Columns));
        groups["Gather"] = random => MatrixShapes(random).Select(s => new GatherCase(s.Rows, s.Columns, random.Next(1, 60)));
        groups["Gemm of every small shape"] = SmallGemms;
        groups["Gemm of shapes around every tile"] = TileGemms;
        groups["Gemm with every epilogue"] = EpilogueGemms;
        groups["Gemm in batches"] = BatchGemms;
        groups["Gemm of the shapes of nets"] = NetGemms;
        groups["GemmPair"] = PairGemms;
        BinaryCases.AddTo(groups);
        ConvolutionCases.AddTo(groups);
        ImageCases.AddTo(groups);
        return groups;
    }

    private static IEnumerable<OpCase> Stacked(Random random, Func<long, int, bool, OpCase> make) =>
        from n in Lengths.Append(random.Next(1, 90_000))
        from stacked in new[] { 1, 3 }
        from inPlace in new[] { false, true }
        select make(n, stacked, inPlace);

    private static IEnumerable<(long N, long C, int Stacked)> LossShapes(Random random) =>
    [
        (1, 1, 1), (1, 10, 3), (3, 2, 1), (5, 17, 2), (64, 10, 1), (1003, 10, 2), (2, 1000, 1), (300, 31, 1),
        (41, 32, 2), (300, 33, 2), (9, 257, 2), (1, 1025, 2),
        (random.Next(1, 3000), random.Next(2, 40), 1),
    ];

    private static IEnumerable<(long K, long N)> BasisShapes(Random random) =>
    [
        (1, 1), (1, 100), (3, 31), (4, 4096), (5, 4097), (7, 63), (8, 512), (9, 513), (13, 255), (16, 1023), (17, 1025),
        (25, 9001), (65, 3000), (130, 130), (2, 40_000), (random.Next(1, 40), random.Next(1, 20_000)),
    ];

    internal static IEnumerable<(long Rows, long Columns)> MatrixShapes(Random random) =>
    [
        (1, 1), (1, 65), (2, 7), (3, 16), (511, 10), (300, 31), (257, 32), (513, 33), (1025, 100), (7, 5000),
        (9, 1024), (11, 1025), (random.Next(1, 1500), random.Next(1, 200)),
    ];

    private static IEnumerable<(Transpose A, Transpose B)> Transposes() =>
        from a in Enum.GetValues<Transpose>()
        from b in Enum.GetValues<Transpose>()
        select (a, b);

    private static IEnumerable<OpCase> SmallGemms(Random random) =>
        from t in Transposes()
        from m in new[] { 1, 2, 5, 13 }
        from n in new[] { 1, 3, 10, 33 }
        from k in new[] { 1, 2, 7, 40 }
        select new GemmCase(t.A, t.B, m, n, k) { Alpha = random.NextDouble(), Beta = random.Next(2) };

    private static IEnumerable<OpCase> TileGemms(Random random)
    {
        int[] rows = [6, 11, 12, 13, 48, 49, 241], columns = [8, 15, 16, 17, 32, 33, 128, 129];
        int[] depths = [0, 1, 127, 128, 255, 256, 257, 600, 1023, 1024, 1025];
        foreach (var (a, b) in Transposes())
        {
            for (int i = 0; i < 40; i++)
            {
                int m = rows[random.Next(rows.Length)], n = columns[random.Next(columns.Length)];
                int k = depths[random.Next(depths.Length)];
                yield return new GemmCase(a, b, m, n, k) { Alpha = 0.7, Beta = random.Next(3) / 2.0 };
            }
        }
    }

    private static IEnumerable<OpCase> EpilogueGemms(Random random) =>
        from t in Transposes()
        from epilogue in Enumerable.Range(0, 8)
        from shape in new[]
        {
            (M: 30, N: 70, K: 20), (M: 40, N: 10, K: 300), (M: 7, N: 150, K: 1100),
            (M: random.Next(1, 99), N: random.Next(1, 99), K: 33),
        }
        from beta in new[] { 0, 0.5 }
        select new GemmCase(t.A, t.B, shape.M, shape.N, shape.K) { Epilogue = (GemmEpilogue)epilogue, Beta = beta };

    private static IEnumerable<OpCase> BatchGemms(Random random) =>
        from t in Transposes()
        from shared in Enumerable.Range(0, 3)
        from epilogue in new[] { GemmEpilogue.None, GemmEpilogue.Bias, GemmEpilogue.Mask | GemmEpilogue.Relu }
        select new GemmCase(t.A, t.B, random.Next(1, 40), random.Next(1, 80), random.Next(1, 50))
        {
            Count = 3,
            SharedA = shared == 1,
            SharedB = shared == 2,
            Epilogue = epilogue,
            Beta = random.Next(2),
        };

    private static IEnumerable<OpCase> PairGemms(Random random) =>
        from t in Transposes()
        from shape in new[]
        {
            (M: 5, N: 3, K: 7, L: 9), (M: 70, N: 200, K: 100, L: 90), (M: 101, N: 260, K: 500, L: 520), (M: 20, N: 300, K: 600, L: 500),
            (M: 256, N: 10, K: 64, L: 64), (M: random.Next(1, 99), N: random.Next(100, 300), K: random.Next(1, 99), L: random.Next(1, 99)),
        }
        from epilogue in new[] { false, true }
        from count in new[] { 1, 3 }
        select new GemmPairCase(t.A, t.B, shape.M, shape.N, shape.K, shape.L)
        {
            HasEpilogue = epilogue,
            Count = count,
            Alpha = 0.5 + random.Next(2),
            Beta = random.Next(3) / 2.0,
        };

    private static IEnumerable<OpCase> NetGemms(Random random) =>
    [
        new GemmCase(Transpose.No, Transpose.Yes, 256, 32, 32) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new GemmCase(Transpose.No, Transpose.Yes, 256, 32, 32) { Epilogue = GemmEpilogue.Mask, Count = 12, SharedA = true },
        new GemmCase(Transpose.No, Transpose.Yes, 500, 10, 512) { Epilogue = GemmEpilogue.Bias },
        new GemmCase(Transpose.No, Transpose.No, 501, 512, 10) { Epilogue = GemmEpilogue.Mask },
        new GemmCase(Transpose.No, Transpose.No, 501, 512, 10) { Epilogue = GemmEpilogue.Mask, Beta = 1 },
        new GemmCase(Transpose.Yes, Transpose.No, 10, 512, 700),
        new GemmCase(Transpose.Yes, Transpose.No, 200, 300, 1000) { Beta = 1 },
        new GemmCase(Transpose.Yes, Transpose.No, 64, 2, 3000),
        new GemmCase(Transpose.No, Transpose.Yes, 300, random.Next(200, 400), 784) { Epilogue = GemmEpilogue.Relu },
    ];
}
