using Quotient.Data;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Linearisation;

/// <summary>Small random graphs of every layer of images, each with parameters, running statistics and a few samples; a seed says all.</summary>
internal sealed class ConvolutionalGraphs
{
    public const int Count = 60, Samples = 5;

    private const int MostParameters = 160, Blocks = 9;

    private readonly Random _random;

    private ConvolutionalGraphs(int seed) => _random = new Random(seed);

    /// <summary>The graph of a number, with cross-entropy where that is even and squared error where it is odd.</summary>
    public static (Model Model, Dataset Data, Loss Loss) Make(int number)
    {
        for (int attempt = 0; ; attempt++)
        {
            var graphs = new ConvolutionalGraphs((number * 1000) + attempt);
            var input = new Shape(graphs.Between(1, 3), graphs.Between(4, 7), graphs.Between(4, 7));
            var network = Network.Build(input, x => graphs.Layers(x, number));
            if (network.ParameterCount <= MostParameters)
            {
                bool classes = number % 2 == 0;
                return (graphs.Parameters(network), graphs.Data(network, classes), classes ? Loss.CrossEntropy : Loss.SquaredError);
            }
        }
    }

    /// <summary>What a failure prints: enough to make the graph again, and to read it.</summary>
    public static string Describe(int number)
    {
        var (model, _, loss) = Make(number);
        return $"graph {number}, {loss}: {Architecture.Write(model.Network)}";
    }

    private int Between(int least, int most) => _random.Next(least, most + 1);

    private bool Often(double share) => _random.NextDouble() < share;

    private double Next() => (2 * _random.NextDouble()) - 1;

    private Signal Layers(Signal x, int number)
    {
        // Every graph has a block of its own, so that a run of numbers has all of them, and others by chance.
        int[] blocks = [number % Blocks, .. Enumerable.Range(0, Between(0, 3)).Select(_ => _random.Next(Blocks))];
        _random.Shuffle(blocks);
        x = Often(0.8) ? Convolution(x) : x;
        foreach (int block in blocks)
        {
            x = Block(x, block);
            x = Often(0.5) ? x.Relu() : x;
        }

        x = _random.Next(3) switch
        {
            0 => x.GlobalAveragePool(),
            1 => x.Flatten(),
            _ => x,
        };
        x = Often(0.3) ? x.Dense(Between(2, 5), Often(0.7)) : x;
        x = Often(0.5) ? x.Relu() : x;
        return x.Dense(Between(2, 4), Often(0.8));
    }

    private Signal Block(Signal x, int block) => block switch
    {
        0 => Convolution(x),
        1 => x.Then(new MaxPool(Pooling(x.Shape))),
        2 => x.Then(new AveragePool(Pooling(x.Shape), Often(0.5))),
        3 => x.BatchNorm(),
        4 => Convolution(x).BatchNorm().Relu(),
        5 => x.Residual(branch => Keeping(Keeping(branch).BatchNorm().Relu())),
        6 => Shortened(x),
        7 => x.Plus(Keeping(x).Relu(), x.BatchNorm()),
        _ => x.Shape.Height > 1 ? x.Flatten().Dense(Between(2, 5)).BatchNorm().Relu() : x.Relu().BatchNorm(),
    };

    private Signal Convolution(Signal x) =>
        x.Then(new Convolution(x.Shape.Channels, Between(1, 4), Any(x.Shape, 2), Often(0.6), Often(0.2) ? 0.5 : 1));

    /// <summary>A convolution that keeps the shape, by padding more on one side where its window is even.</summary>
    private Signal Keeping(Signal x)
    {
        int height = Between(1, 3), width = Between(1, 3);
        var window = new Window(height, width)
        {
            Top = (height - 1) / 2,
            Bottom = height / 2,
            Left = (width - 1) / 2,
            Right = width / 2,
        };
        return x.Then(new Convolution(x.Shape.Channels, x.Shape.Channels, window, Often(0.5)));
    }

    private Signal Shortened(Signal x)
    {
        int outputs = x.Shape.Channels + Between(0, 3);
        var skip = x.Then(new Shortcut(outputs, 2));
        return x.Convolution(outputs, 3, 2, 1, Often(0.5)).BatchNorm().Plus(skip);
    }

    /// <summary>Any window that fits, with any strides and paddings on any side.</summary>
    private Window Any(Shape shape, int mostPadding)
    {
        int top = Between(0, mostPadding), left = Between(0, mostPadding), bottom = Between(0, mostPadding), right = Between(0, mostPadding);
        return new(Between(1, Math.Min(3, shape.Height + top + bottom)), Between(1, Math.Min(3, shape.Width + left + right)))
        {
            StrideY = Between(1, 2),
            StrideX = Between(1, 3),
            Top = top,
            Left = left,
            Bottom = bottom,
            Right = right,
        };
    }

    /// <summary>A window for pooling: its paddings are smaller than itself.</summary>
    private Window Pooling(Shape shape)
    {
        int height = Between(1, Math.Min(3, shape.Height)), width = Between(1, Math.Min(3, shape.Width));
        return new(height, width)
        {
            StrideY = Between(1, 2),
            StrideX = Between(1, 3),
            Top = _random.Next(height),
            Left = _random.Next(width),
            Bottom = _random.Next(height),
            Right = _random.Next(width),
            Ceiling = Often(0.3),
        };
    }

    private Model Parameters(Network network)
    {
        double[] theta = [.. Enumerable.Range(0, (int)network.ParameterCount).Select(_ => Next())];
        double[] buffers = [.. network.Buffers.SelectMany(tensor => Enumerable.Range(0, (int)tensor.Size)
            .Select(_ => tensor.Shape.Suffix == "running_var" ? 1 + (0.5 * Next()) : 0.5 * Next()))];
        return new(network, theta, Precision.Double, buffers);
    }

    private Dataset Data(Network network, bool classes)
    {
        int width = network.Input.Size, outputs = network.Output.Size;
        double[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];
        var inputs = SampleStore.Doubles(Many(Samples * width), width);
        return classes
            ? Dataset.Classification("random", network.Input, inputs, [.. Enumerable.Range(0, Samples).Select(_ => _random.Next(outputs))], outputs)
            : Dataset.Regression("random", network.Input, inputs, SampleStore.Doubles(Many(Samples * outputs), outputs));
    }
}
