using NUnit.Framework;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Tests.Networks;

/// <summary>Binary forms of convolutional architectures, and their surrogates.</summary>
public class ZooBinaryTests
{
    [TestCase("binary:lenet", "BinaryConvolution MaxPool Sign BinaryConvolution MaxPool Sign Flatten BinaryDense Sign BinaryDense Sign BinaryDense")]
    [TestCase(
        "binary,relu:lenet", "BinaryConvolution Relu MaxPool BinaryConvolution Relu MaxPool Flatten BinaryDense Relu BinaryDense Relu BinaryDense")]
    [TestCase(
        "binary,real-first,binary-input=0.25:lenet,classes=4",
        "Sign Convolution MaxPool Sign BinaryConvolution MaxPool Sign Flatten BinaryDense Sign BinaryDense Sign BinaryDense")]
    [TestCase(
        "binary,real-first:lenet,no-bias",
        "Convolution MaxPool Sign BinaryConvolution MaxPool Sign Flatten BinaryDense Sign BinaryDense Sign BinaryDense")]
    public void A_name_has_a_binary_form(string text, string layers)
    {
        var network = Network.Parse(text);
        Assert.That(string.Join(' ', network.Nodes.Select(node => node.Layer.GetType().Name)), Is.EqualTo(layers));
        Assert.That(network.ToString(), Is.EqualTo(text));
    }

    [TestCase("binary:vgg16-bn")]
    [TestCase("binary:resnet20")]
    [TestCase("binary,relu,real-first:alexnet-small,input=1×40×40")]
    public void The_text_of_a_binary_form_is_read_again(string text) =>
        Assert.That(Network.Parse(text).ToString(), Is.EqualTo(text));

    [Test]
    public void Words_have_a_binary_form_in_which_signs_stand_behind_all_pooling()
    {
        var network = Network.Parse("binary:conv:2x8x8,4c3p1,relu,max2,max2,res(4c1,bn,relu),relu,avg2,3");
        Assert.That(
            string.Join(' ', network.Nodes.Select(node => $"{node.Name}:{node.Layer.GetType().Name}:{string.Join('+', node.Inputs)}")),
            Is.EqualTo("0:BinaryConvolution:-1 2:MaxPool:0 3:MaxPool:1 1:Sign:2 4.0:BinaryConvolution:3 4.1:BatchNorm:4 4.2:Sign:5 4:Sum:6+3 "
                + "5:Sign:7 6:AveragePool:8 7:Flatten:9 8:BinaryDense:10"));
        Assert.That(network.ToString(), Is.EqualTo("binary:2×8×8-4c3p1-max2-max2-4c1-bn(+)-avg2-3"));
    }

    [Test]
    public void A_sign_that_another_layer_reads_too_stays_before_the_pooling()
    {
        var network = Network.Parse("binary:conv:2x8x8,2c3p1,relu,res(max3s1p1),3");
        Assert.That(network.Nodes.Select(node => node.Layer.GetType().Name).Skip(1).Take(2), Is.EqualTo(new[] { "Sign", "MaxPool" }));
    }

    [Test]
    public void Kernels_are_scaled_by_the_root_of_their_places() => Assert.Multiple(() =>
    {
        var network = Network.Parse("binary:lenet");
        var second = (BinaryConvolution)network.Nodes.Single(node => node.Name == "conv2").Layer;
        Assert.That(second.Scale, Is.EqualTo(1 / Math.Sqrt(6 * 25)).Within(1e-16));
        Assert.That(network.Tensors.All(tensor => tensor.IsBinary));
        Assert.That(network.ParameterCount, Is.EqualTo(61_706 - 236));
    });

    [TestCase("hard-tanh-shadow")]
    [TestCase("hard-tanh-binary")]
    public void The_surrogate_of_a_binary_convolution_is_a_convolution_of_its_scale(string surrogate)
    {
        var model = Model.Initialise(Network.Parse("binary:conv:2x8x8,4c3x2p1,bn,relu,max2,3"), Initialisation.He, 4, Precision.Double);
        var relaxed = model.ToSurrogate(Surrogates.Parse(surrogate));
        var window = new Window(3, 2) { Top = 1, Left = 1, Bottom = 1, Right = 1 };
        Layer[] wanted =
        [
            new Convolution(2, 4, window, false, 1 / Math.Sqrt(12)), new BatchNorm(4), new MaxPool(Window.Square(2, 2)), new HardTanh(),
            new Flatten(), new Dense(4 * 4 * 4, 3, false, 1 / Math.Sqrt(64)),
        ];
        bool shadow = surrogate == "hard-tanh-shadow";
        Assert.Multiple(() =>
        {
            Assert.That(relaxed.Network.Nodes.Select(node => node.Layer), Is.EqualTo(wanted));
            Assert.That(relaxed.Network.Tensors.Select(tensor => tensor.Name), Is.EqualTo(model.Network.Tensors.Select(tensor => tensor.Name)));
            Assert.That(relaxed.Parameters[0], Is.EqualTo(shadow ? model.Parameters[0] : Math.Sign(model.Parameters[0])));
            Assert.That(relaxed.Buffers, Is.EqualTo(model.Buffers));
        });
    }

    [Test]
    public void Binary_convolutions_with_ReLU_between_need_no_named_surrogate()
    {
        var network = Network.Parse("binary,relu:conv:2x6x6,4c3,relu,gap");
        Assert.That(Surrogates.For(network, Surrogate.None), Is.EqualTo(Surrogate.BinaryWeights));
        Assert.That(() => Surrogates.For(Network.Parse("binary:lenet"), Surrogate.None), Refusal.With("binary:lenet", "piecewise constant"));
    }

    [Test]
    public void Leaving_out_biases_by_the_flag_is_refused() =>
        Assert.That(() => Network.Parse("binary:lenet", bias: false), Refusal.With("no biases"));
}
