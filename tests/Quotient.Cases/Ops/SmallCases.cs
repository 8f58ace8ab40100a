using Quotient.Backends;
using Quotient.Backends.Reference;

namespace Quotient.Cases.Ops;

/// <summary>A few small cases of every operation, for a device that interprets its kernels: seconds a group.</summary>
public static class SmallCases
{
    private const int CasesOfGroup = 4;
    private const long ElementsOfCase = 10_000;

    /// <summary>The groups of cases, by name.</summary>
    public static IReadOnlyDictionary<string, Func<Random, IEnumerable<OpCase>>> Groups { get; } = Make();

    /// <summary>Products for tensor cores: every transposition, aligned and not, more tiles than are in flight at once.</summary>
    public static IEnumerable<OpCase> TensorGemms() =>
    [
        new GemmCase(Transpose.No, Transpose.No, 20, 24, 50) { Epilogue = GemmEpilogue.Bias },
        new GemmCase(Transpose.Yes, Transpose.Yes, 20, 24, 8) { Ragged = false, Beta = 0.5 },
        new GemmPairCase(Transpose.No, Transpose.Yes, 17, 19, 5, 3) { HasEpilogue = true },
        new GemmCase(Transpose.Yes, Transpose.No, 12, 16, 12) { Ragged = false },
    ];

    /// <summary>Convolutions for tensor cores.</summary>
    public static IEnumerable<OpCase> TensorConvolutions() => ConvolutionCases.SmallTensor();

    /// <summary>Products have their own: all of a tile is computed, however small the matrix. So has pooling, whose kinds share a kernel.</summary>
    private static Dictionary<string, Func<Random, IEnumerable<OpCase>>> Make()
    {
        var groups = OpCases.Groups
            .Where(group => !HasItsOwn(group.Key))
            .ToDictionary(group => group.Key, group => (Func<Random, IEnumerable<OpCase>>)(random => Few(group.Value(random))));
        groups["Gemm"] = _ => Gemms();
        groups["Gemm with split sums"] = _ =>
            [new GemmCase(Transpose.No, Transpose.No, 3, 5, 500) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Mask }];
        groups["GemmPair"] = _ =>
        [
            new GemmPairCase(Transpose.No, Transpose.Yes, 20, 24, 9, 17) { HasEpilogue = true },
            new GemmPairCase(Transpose.Yes, Transpose.No, 5, 20, 17, 9) { Beta = 1, Count = 2 },
        ];
        groups["Pooling"] = ImageCases.Small;
        foreach (var operation in Enum.GetValues<ConvolutionOperation>())
        {
            groups[$"{operation}"] = _ => ConvolutionCases.Small(operation);
        }

        return groups;
    }

    private static bool HasItsOwn(string group) =>
        group.StartsWith("Gemm", StringComparison.Ordinal) || group.StartsWith("Convolution", StringComparison.Ordinal)
        || Enum.TryParse<ImageOperation>(group, out _);

    /// <summary>The smallest case of a group, the largest that is small, and others evenly between.</summary>
    private static IEnumerable<OpCase> Few(IEnumerable<OpCase> cases)
    {
        OpCase[] small = [.. cases
            .Select(item => (Case: item, Elements: Elements(item)))
            .Where(item => item.Elements <= ElementsOfCase)
            .OrderBy(item => item.Elements)
            .Select(item => item.Case)];
        int count = Math.Min(CasesOfGroup, small.Length);
        return Enumerable.Range(0, count).Select(i => small[i * (small.Length - 1) / Math.Max(count - 1, 1)]);
    }

    private static long Elements(OpCase item)
    {
        using var backend = new ReferenceBackend();
        using var bench = new OpBench<float>(backend, 1);
        item.Prepare(bench);
        return bench.Elements;
    }

    /// <summary>Each of a GPU's tiles, and each transposition, ragged at every edge.</summary>
    private static IEnumerable<OpCase> Gemms() =>
    [
        new GemmCase(Transpose.No, Transpose.No, 20, 24, 17) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new GemmCase(Transpose.No, Transpose.No, 5, 20, 17) { Beta = 0.5, Count = 2, SharedA = true },
        new GemmCase(Transpose.No, Transpose.No, 20, 5, 17) { Epilogue = GemmEpilogue.Mask },
        new GemmCase(Transpose.No, Transpose.Yes, 5, 20, 33) { Alpha = 0.7 },
        new GemmCase(Transpose.Yes, Transpose.No, 20, 5, 1),
        new GemmCase(Transpose.Yes, Transpose.Yes, 20, 24, 17) { Beta = 1 },
    ];
}
