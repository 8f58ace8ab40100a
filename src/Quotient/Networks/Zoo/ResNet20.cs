namespace Quotient.Networks.Zoo;

/// <summary>
/// ResNet-20 as CIFAR-10 has it: a 3×3 convolution of 16 channels, three groups of three residual blocks with 16, 32 and 64 channels,
/// the mean of each channel, one dense layer; shortcuts of type A, without parameters. Convolutions have no biases, since batch norm follows
/// them; 269,722 parameters on 3×32×32. Names are torchvision's. Source: He, Zhang, Ren, Sun (2016), section 4.2.
/// </summary>
internal static class ResNet20
{
    private const int Blocks = 3;

    private static readonly IReadOnlyList<int> Groups = [16, 32, 64];

    [ModuleInitializer]
    internal static void Register() => ReadyNetwork.Kinds.Register(new("resnet20", new(3, 32, 32), Build));

    private static Network Build(Shape input, int classes, bool bias)
    {
        var layers = new NamedLayers(input);
        layers.Convolution("conv1", Groups[0], Window.Square(3, 1, 1), false).BatchNorm("bn1").Relu("relu");
        foreach (var (group, outputs) in Groups.Index())
        {
            for (int block = 0; block < Blocks; block++)
            {
                AddBlock(layers, $"layer{group + 1}.{block}", outputs, group > 0 && block == 0 ? 2 : 1);
            }
        }

        return layers.Add("avgpool", new Layers.GlobalAveragePool()).Dense("fc", classes, bias).ToNetwork();
    }

    private static void AddBlock(NamedLayers layers, string name, int outputs, int stride)
    {
        int skip = layers.Last;
        layers.Convolution($"{name}.conv1", outputs, Window.Square(3, stride, 1), false).BatchNorm($"{name}.bn1").Relu($"{name}.relu1")
            .Convolution($"{name}.conv2", outputs, Window.Square(3, 1, 1), false).BatchNorm($"{name}.bn2");
        int branch = layers.Last;
        if (stride > 1)
        {
            skip = layers.Add($"{name}.shortcut", new Layers.Shortcut(outputs, stride), skip).Last;
        }

        layers.Add($"{name}.add", new Layers.Sum(), branch, skip).Relu($"{name}.relu2");
    }
}
