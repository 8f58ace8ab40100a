using Quotient.Networks;

namespace Quotient.Cases.Ops;

/// <summary>Pooling of every geometry, and matrices around vectors and tiles.</summary>
internal static class ImageCases
{
    private static readonly int[] Channels = [1, 3, 16, 17];

    /// <summary>Windows, each on an image of a height and a width: those of nets, overlapping, apart, padded, reaching beyond the image.</summary>
    private static readonly (Window Window, int Height, int Width)[] Geometries =
    [
        (Window.Square(1), 4, 5),
        (Window.Square(2, 2), 8, 6),
        (Window.Square(2, 2), 7, 9),
        (Window.Square(3, 2), 9, 8),
        (Window.Square(3, 2) with { Ceiling = true }, 8, 10),
        (Window.Square(3, 2, 1) with { Ceiling = true }, 6, 7),
        (Window.Square(3, 1, 1), 5, 6),
        (Window.Square(2, 3), 8, 9),
        (Window.Square(2, 3) with { Ceiling = true }, 7, 10),
        (new Window(3, 2) { StrideY = 2, Top = 2, Right = 1 }, 6, 5),
        (new Window(2, 5) { StrideX = 3, Bottom = 1, Left = 4 }, 4, 11),
        (new Window(6, 7), 6, 7),
    ];

    public static void AddTo(Dictionary<string, Func<Random, IEnumerable<OpCase>>> groups)
    {
        foreach (var operation in Enum.GetValues<ImageOperation>())
        {
            groups[operation.ToString()] = random => Pooled(operation, random);
        }

        groups["Turn"] = random =>
            from s in TurnedShapes(random)
            from beta in new[] { 0, 1, -0.5 }
            select new TurnCase(s.Images, s.Rows, s.Columns, beta);
        groups["ScaleColumns"] = random =>
            from s in OpCases.MatrixShapes(random)
            from beta in new[] { 0, 1, -0.5 }
            from shifts in new[] { false, true }
            select new ScaleColumnsCase(s.Rows, s.Columns, shifts, beta, random.Next(2) == 0);
        groups["ColumnDots"] = random =>
            from s in OpCases.MatrixShapes(random).Append((20_001, 3))
            from beta in new[] { 0, 1, -0.5 }
            select new ColumnDotsCase(s.Rows, s.Columns, beta);
    }

    /// <summary>One case of each way to pool, for a device that interprets its kernels.</summary>
    public static IEnumerable<OpCase> Small(Random random) =>
        from operation in Enum.GetValues<ImageOperation>()
        let window = new Window(3, 2) { StrideX = 2, Top = 2, Right = 1, Ceiling = true }
        select new ImageCase(operation, window.OnPooled(new(random.Next(1, 4), 5, 6)), 2, StackedIn(operation) ? 2 : 1, random.Next(2));

    private static bool StackedIn(ImageOperation operation) => operation is ImageOperation.TakeRoutes or ImageOperation.FollowRoutes;

    private static IEnumerable<OpCase> Pooled(ImageOperation operation, Random random)
    {
        bool adds = operation is ImageOperation.FollowRoutes or ImageOperation.AveragePoolBack or ImageOperation.AveragePoolBackOfPadded;
        return
            from geometry in Geometries
            from channels in Channels.Append(random.Next(1, 80))
            from stacked in StackedIn(operation) ? new[] { 1, 3 } : [1]
            from beta in adds ? new[] { 0, random.Next(2) == 0 ? 1 : -0.5 } : [0]
            let patches = geometry.Window.OnPooled(new(channels, geometry.Height, geometry.Width))
            select new ImageCase(operation, patches, random.Next(1, 6), stacked, beta);
    }

    private static IEnumerable<(int Images, int Rows, int Columns)> TurnedShapes(Random random) =>
    [
        (1, 1, 1), (3, 1, 7), (2, 7, 1), (2, 3, 49), (5, 16, 25), (2, 17, 33), (1, 64, 36), (3, 32, 32), (2, 33, 31), (4, 1024, 3),
        (2, 100, 64), (70, 6, 9), (random.Next(1, 9), random.Next(1, 90), random.Next(1, 90)),
    ];
}
