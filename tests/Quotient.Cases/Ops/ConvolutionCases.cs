using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Cases.Ops;

/// <summary>Windows of every geometry, channels around vectors and tiles, sums so long that they are dealt out.</summary>
internal static class ConvolutionCases
{
    /// <summary>Products of a case: what the reference multiplies in a tenth of a second.</summary>
    private const double MostProducts = 3e6;

    private static readonly int[] Channels = [1, 3, 16, 17, 64], Outputs = [1, 6, 16, 17, 64];

    /// <summary>Windows, each on an image of a height and a width.</summary>
    private static readonly (Window Window, int Height, int Width)[] Geometries =
    [
        (Window.Square(1), 5, 5),
        (Window.Square(1, 2), 7, 6),
        (Window.Square(3, 1, 1), 6, 7),
        (Window.Square(5, 1, 2), 8, 8),
        (Window.Square(5), 9, 8),
        (Window.Square(3, 2, 1), 9, 8),
        (Window.Square(3, 3), 10, 11),
        (Window.Square(2, 3), 8, 8),
        (Window.Square(5, 1, 2), 3, 3),
        (Window.Square(11, 4, 2), 20, 21),
        (new Window(2, 3) { StrideX = 2, Top = 1, Right = 2 }, 7, 5),
        (new Window(4, 1) { StrideY = 3, Bottom = 2 }, 9, 4),
        (new Window(1, 7) { Left = 3, Right = 3 }, 3, 12),
        (new Window(5, 4), 5, 4),
    ];

    public static void AddTo(Dictionary<string, Func<Random, IEnumerable<OpCase>>> groups)
    {
        foreach (var operation in Enum.GetValues<ConvolutionOperation>())
        {
            groups[$"{operation} of every geometry"] = random => OfEveryGeometry(operation, random);
            groups[$"{operation} in batches"] = random => InBatches(operation, random);
            groups[$"{operation} of the shapes of nets"] = random => OfNets(operation, random);
        }

        groups["Convolution with every epilogue"] = random => WithEveryEpilogue(ConvolutionOperation.Convolution, random);
        groups["ConvolutionBack with every epilogue"] = random => WithEveryEpilogue(ConvolutionOperation.ConvolutionBack, random);
    }

    /// <summary>Few products, ragged at every edge, for a device that interprets its kernels: strides and padding, and a tile that is not narrow.</summary>
    public static IEnumerable<OpCase> Small(ConvolutionOperation operation) =>
    [
        new ConvolutionCase(operation, On(new(3, 2) { StrideY = 2, Top = 1, Left = 1 }, 2, 5, 3), 2, 3)
        {
            IsPair = true,
            Beta = 0.5,
            Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu,
        },
        new ConvolutionCase(operation, On(new(1, 2) { Right = 1 }, 18, 3, 3), 2, operation == ConvolutionOperation.ConvolutionBack ? 5 : 17),
    ];

    /// <summary>The same for tensor cores: patches as either factor, aligned and not.</summary>
    public static IEnumerable<OpCase> SmallTensor() =>
    [
        new ConvolutionCase(ConvolutionOperation.Convolution, On(Window.Square(2, 1, 1), 4, 3, 3), 1, 8) { Ragged = false },
        new ConvolutionCase(ConvolutionOperation.ConvolutionWeights, On(Window.Square(2, 2), 3, 5, 4), 2, 5) { IsPair = true },
    ];

    private static Patches On(Window window, int channels, int height, int width) => window.On(new(channels, height, width));

    private static IEnumerable<OpCase> OfEveryGeometry(ConvolutionOperation operation, Random random) =>
        from geometry in Geometries
        from channels in Channels
        let patches = On(geometry.Window, channels, geometry.Height, geometry.Width)
        let images = random.Next(1, 5)
        let outputs = Outputs[random.Next(Outputs.Length)]
        where (double)images * patches.Windows * patches.PatchSize * outputs <= MostProducts
        select new ConvolutionCase(operation, patches, images, outputs)
        {
            Alpha = random.Next(2) == 0 ? 1 : 0.7,
            Beta = random.Next(3) / 2.0,
            IsPair = random.Next(3) == 0,
            Ragged = random.Next(2) == 0,
        };

    private static IEnumerable<OpCase> WithEveryEpilogue(ConvolutionOperation operation, Random random) =>
        from epilogue in Enumerable.Range(0, 8)
        from beta in new[] { 0, 1, 0.5 }
        from isPair in new[] { false, true }
        let patches = On(Window.Square(3, random.Next(1, 3), 1), random.Next(1, 20), random.Next(3, 9), random.Next(3, 9))
        select new ConvolutionCase(operation, patches, 2, random.Next(1, 40))
        {
            Epilogue = (GemmEpilogue)epilogue,
            Beta = beta,
            IsPair = isPair,
        };

    private static IEnumerable<OpCase> InBatches(ConvolutionOperation operation, Random random) =>
        from shared in Enumerable.Range(0, 3)
        from isPair in new[] { false, true }
        from epilogue in new[] { GemmEpilogue.None, GemmEpilogue.Bias, GemmEpilogue.Bias | GemmEpilogue.Relu | GemmEpilogue.Mask }
        let patches = On(Window.Square(random.Next(1, 4), random.Next(1, 3), random.Next(2)), 4 * random.Next(1, 5), 7, random.Next(4, 9))
        select new ConvolutionCase(operation, patches, random.Next(1, 4), 4 * random.Next(1, 8))
        {
            Count = 3,
            SharedA = shared == 1,
            SharedB = shared == 2,
            IsPair = isPair,
            Epilogue = epilogue,
            SharedBias = random.Next(2) == 0,
            Alpha = 0.7,
            Beta = random.Next(3) / 2.0,
            Ragged = random.Next(2) == 0,
        };

    /// <summary>First layers of nets, a layer of many channels, and more windows than one group adds.</summary>
    private static IEnumerable<OpCase> OfNets(ConvolutionOperation operation, Random random) =>
    [
        new ConvolutionCase(operation, On(Window.Square(5, 1, 2), 1, 28, 28), 3, 6) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new ConvolutionCase(operation, On(Window.Square(5), 6, 14, 14), 2, 16) { IsPair = true, Epilogue = GemmEpilogue.Mask },
        new ConvolutionCase(operation, On(Window.Square(5, 1, 2), 3, 32, 32), 1, 16) { Ragged = false },
        new ConvolutionCase(operation, On(Window.Square(3, 1, 1), 64, 6, 6), 2, 64) { Ragged = false, Epilogue = GemmEpilogue.Bias },
        new ConvolutionCase(operation, On(Window.Square(3, 1, 1), 65, 6, 6), 2, 66) { Beta = 1 },
        new ConvolutionCase(operation, On(Window.Square(3, 1, 1), 3, 28, 28), random.Next(5, 9), 3),
        new ConvolutionCase(operation, On(Window.Square(3, 2, 1), 16, 32, 32), 1, 32) { IsPair = true, Ragged = false },
        new ConvolutionCase(operation, On(Window.Square(1, 2), 16, 16, 16), 2, 32) { Ragged = false, Beta = 1 },
    ];
}
