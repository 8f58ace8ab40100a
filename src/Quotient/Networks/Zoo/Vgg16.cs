namespace Quotient.Networks.Zoo;

/// <summary>
/// VGG16 as CIFAR-10 has it: thirteen 3×3 convolutions with padding 1 in five groups, pooling by 2 after each, and one dense layer;
/// <c>vgg16-bn</c> with batch norm behind each convolution. Names are torchvision's: <c>features.0</c>, …, <c>classifier</c>. Source:
/// Simonyan, Zisserman (2015), configuration D.
/// </summary>
internal static class Vgg16
{
    private static readonly IReadOnlyList<IReadOnlyList<int>> Groups =
        [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    [ModuleInitializer]
    internal static void Register()
    {
        foreach (var (name, norm) in new[] { ("vgg16", false), ("vgg16-bn", true) })
        {
            ReadyNetwork.Kinds.Register(new(name, new(3, 32, 32), (input, classes, bias) => Build(input, classes, bias, norm)));
        }
    }

    private static Network Build(Shape input, int classes, bool bias, bool norm)
    {
        var layers = new NamedLayers(input);
        string Next() => $"features.{layers.Last + 1}";
        foreach (var group in Groups)
        {
            foreach (int outputs in group)
            {
                layers.Convolution(Next(), outputs, Window.Square(3, 1, 1), bias);
                _ = norm ? layers.BatchNorm(Next()) : layers;
                layers.Relu(Next());
            }

            layers.MaxPool(Next(), 2, 2);
        }

        return layers.Add("flatten", new Layers.Flatten()).Dense("classifier", classes, bias).ToNetwork();
    }
}
