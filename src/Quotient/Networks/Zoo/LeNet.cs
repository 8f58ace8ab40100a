namespace Quotient.Networks.Zoo;

/// <summary>
/// LeNet-5 with ReLU and max pooling: 6 channels of 5×5 with padding 2, 16 of 5×5, pooling by 2 after each, dense 120-84-10; 61,706
/// parameters on 1×28×28. Source: LeCun, Bottou, Bengio, Haffner (1998), whose activations, pooling and sparse connections were others.
/// </summary>
internal static class LeNet
{
    [ModuleInitializer]
    internal static void Register() => ReadyNetwork.Kinds.Register(new("lenet", new(1, 28, 28), Build));

    private static Network Build(Shape input, int classes, bool bias) => new NamedLayers(input)
        .Convolution("conv1", 6, Window.Square(5, 1, 2), bias).Relu("relu1").MaxPool("pool1", 2, 2)
        .Convolution("conv2", 16, Window.Square(5), bias).Relu("relu2").MaxPool("pool2", 2, 2)
        .Add("flatten", new Layers.Flatten())
        .Dense("fc1", 120, bias).Relu("relu3")
        .Dense("fc2", 84, bias).Relu("relu4")
        .Dense("fc3", classes, bias).ToNetwork();
}
