using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;
using Quotient.Networks;

namespace Quotient.Perf;

/// <summary><c>convolution-shapes [--rounds R]</c>: the products of layers of images beside the peak of a thread, measured in turns with a dense product.</summary>
internal static class ConvolutionShapesCommand
{
    private static readonly (string Name, Patches Patches, int Outputs, int Images)[] Shapes =
    [
        ("LeNet 1", Window.Square(5, 1, 2).On(new(1, 28, 28)), 6, 500),
        ("LeNet 2", Window.Square(5).On(new(6, 14, 14)), 16, 500),
        ("alexnet-small 1", Window.Square(5, 1, 2).On(new(3, 32, 32)), 64, 96),
        ("alexnet-small 2", Window.Square(5, 1, 2).On(new(64, 15, 15)), 64, 48),
        ("VGG16 8", Window.Square(3, 1, 1).On(new(256, 4, 4)), 512, 48),
        ("VGG16 11", Window.Square(3, 1, 1).On(new(512, 2, 2)), 512, 96),
        ("ResNet20 2", Window.Square(3, 1, 1).On(new(16, 32, 32)), 16, 96),
    ];

    public static void Run(Arguments arguments)
    {
        using CpuBackend one = new(1), all = new(arguments.Number("threads", 0));
        using var rows = new SpeedTable(one, all);
        rows.Add("dense 2000 × 512 × 512", new GemmCase(Transpose.No, Transpose.No, 2000, 512, 512));
        foreach (var (name, patches, outputs, images) in Shapes)
        {
            foreach (var operation in Enum.GetValues<ConvolutionOperation>())
            {
                rows.Add($"{name}, {operation}", new ConvolutionCase(operation, patches, images, outputs));
            }
        }

        rows.Measure(arguments.Number("rounds", 5));
        rows.Print();
    }
}
