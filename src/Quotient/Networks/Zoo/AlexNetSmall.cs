namespace Quotient.Networks.Zoo;

/// <summary>
/// A small AlexNet, as studies of generalisation use on CIFAR-10: twice 64 channels of 5×5 with padding 2 and 3×3 max pooling of stride 2
/// without padding, dense 384-192-10; 1,387,786 parameters on 3×32×32. Source: Zhang, Bengio, Hardt, Recht, Vinyals (2017), appendix A,
/// without the local response normalisation.
/// </summary>
internal static class AlexNetSmall
{
    [ModuleInitializer]
    internal static void Register() => ReadyNetwork.Kinds.Register(new("alexnet-small", new(3, 32, 32), Build));

    private static Network Build(Shape input, int classes, bool bias) => new NamedLayers(input)
        .Convolution("conv1", 64, Window.Square(5, 1, 2), bias).Relu("relu1").MaxPool("pool1", 3, 2)
        .Convolution("conv2", 64, Window.Square(5, 1, 2), bias).Relu("relu2").MaxPool("pool2", 3, 2)
        .Add("flatten", new Layers.Flatten())
        .Dense("fc1", 384, bias).Relu("relu3")
        .Dense("fc2", 192, bias).Relu("relu4")
        .Dense("fc3", classes, bias).ToNetwork();
}
