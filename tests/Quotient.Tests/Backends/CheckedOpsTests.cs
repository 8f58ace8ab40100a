using NUnit.Framework;
using Quotient.Backends;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends;

/// <summary>Operands that do not fit together, on every backend: the same exception with the same sentence.</summary>
public class CheckedOpsTests
{
    private static readonly string[] Shapeless = ["Fill", "Scale", "Rademacher", "Normal", "Flip"];

    /// <summary>3 × 3 windows of 2 × 2 on images of 4 × 4 with 2 channels.</summary>
    private static readonly Patches Windows = new(2, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0);

    private static readonly (string Name, Action<IOps<double>, Operands> Call)[] Wrong =
    [
        ("Copy", (ops, o) => ops.Copy(o.Vector(3), o.Vector(4))),
        ("Axpy", (ops, o) => ops.Axpy(1, o.Vector(3), o.Vector(4))),
        ("AddSquares", (ops, o) => ops.AddSquares(o.Vector(5), o.Vector(4))),
        ("Mask", (ops, o) => ops.Mask(o.Vector(3), o.Vector(7), o.Vector(7))),
        ("Mask", (ops, o) => ops.Mask(o.Vector(3), o.Vector(3), o.Vector(6))),
        ("Mask", (ops, o) => ops.Mask(o.Vector(0), o.Vector(3), o.Vector(3))),
        ("Relu", (ops, o) => ops.Relu(o.Vector(3), o.Vector(4))),
        ("Clamp", (ops, o) => ops.Clamp(o.Vector(3), 1, o.Vector(4))),
        ("Sign", (ops, o) => ops.Sign(o.Vector(3), 0, o.Vector(2))),
        ("MaskNear", (ops, o) => ops.MaskNear(o.Vector(3), 0, o.Vector(4), o.Vector(4))),
        ("Times", (ops, o) => ops.Times(1, o.Vector(3), o.Vector(4), o.Vector(4))),
        ("InverseRoot", (ops, o) => ops.InverseRoot(o.Vector(3), 1, o.Vector(4))),
        ("ScaleByMagnitude", (ops, o) => ops.ScaleByMagnitude(o.Vector(2), 0, o.Vector(4), o.Vector(4))),
        ("ScaleByMagnitude", (ops, o) => ops.ScaleByMagnitude(o.Vector(4), 0, o.Vector(3), o.Vector(4))),
        ("SumRows", (ops, o) => ops.SumRows(o.Matrix(3, 4), 0, o.Vector(3))),
        ("GatherRows", (ops, o) => ops.GatherRows(o.Matrix(3, 4), o.Indices(2), o.Matrix(3, 4))),
        ("GatherRows", (ops, o) => ops.GatherRows(o.Matrix(3, 4), o.Indices(2), o.Matrix(2, 3))),
        ("GatherLabels", (ops, o) => ops.GatherLabels(o.Indices(4), o.Indices(2), o.Indices(3))),
        ("Gemm", (ops, o) => ops.Gemm(Transpose.No, Transpose.No, 1, o.Matrix(2, 3), o.Matrix(4, 5), 0, o.Matrix(2, 5))),
        ("Gemm", (ops, o) => ops.Gemm(Transpose.Yes, Transpose.No, 1, o.Matrix(2, 3), o.Matrix(2, 5), 0, o.Matrix(2, 5))),
        ("Gemm", (ops, o) => ops.Gemm(Transpose.No, Transpose.Yes, 1, o.Matrix(2, 3), o.Matrix(5, 3), 0, o.Matrix(2, 4))),
        ("Gemm", (ops, o) => ops.Gemm(
            Transpose.No, Transpose.No, 1, o.Matrix(2, 3), o.Matrix(3, 5), 0, o.Matrix(2, 5), new(o.Vector(4), 0, false, default))),
        ("Gemm", (ops, o) => ops.Gemm(
            Transpose.No, Transpose.No, 1, o.Matrix(2, 3), o.Matrix(3, 5), 0, o.Matrix(2, 5), new(default, 0, false, o.Matrix(5, 2)))),
        ("GemmPair", (ops, o) => ops.GemmPair(
            Transpose.No, Transpose.No, 1, o.Matrix(2, 3), o.Matrix(3, 5), o.Matrix(2, 4), o.Matrix(3, 5), 0, o.Matrix(2, 5))),
        ("MixedProduct", (ops, o) => ops.MixedProduct(Transpose.No, 1, o.Matrix(2, 3), o.Signs(5, 4), 0, o.Matrix(2, 5))),
        ("MixedProduct", (ops, o) => ops.MixedProduct(Transpose.Yes, 1, o.Matrix(2, 3), o.Signs(5, 2), 0, o.Matrix(2, 5))),
        ("SignProduct", (ops, o) => ops.SignProduct(1, o.Signs(2, 3), o.Signs(5, 4), o.Matrix(2, 5))),
        ("SignProduct", (ops, o) => ops.SignProduct(1, o.Signs(2, 3), o.Signs(5, 3), o.Matrix(5, 2))),
        ("SignProduct", (ops, o) => ops.Multiply(
            new(1, new(o.Signs(2, 3), Transpose.No), new(o.Signs(5, 3), Transpose.Yes), 1, o.Matrix(2, 5)))),
        ("Convolution", (ops, o) => ops.Convolution(Windows, 1, o.Matrix(2, 32), o.Matrix(5, 8), 0, o.Matrix(2, 45))),
        ("Convolution", (ops, o) => ops.Convolution(Windows, 1, o.Matrix(2, 31), o.Matrix(5, 8), 0, o.Matrix(18, 5))),
        ("Convolution", (ops, o) => ops.Convolution(
            Windows, 1, o.Matrix(2, 32), o.Matrix(5, 8), 0, o.Matrix(18, 5), default, (o.Matrix(2, 32), o.Matrix(5, 9)))),
        ("Convolution", (ops, o) => ops.Multiply(
            new(1, new(o.Matrix(2, 32), Windows), new(o.Matrix(8, 5), Transpose.No), 0, o.Matrix(18, 5)))),
        ("Convolution", (ops, o) => ops.Multiply(
            new Product<double>(1, new(o.Matrix(2, 32), Windows), new(o.Matrix(5, 8), Transpose.Yes), 0, o.Matrix(18, 5))
                .Plus(new(o.Matrix(2, 32), Windows with { Top = 1 }), new(o.Matrix(5, 8), Transpose.Yes)))),
        ("ConvolutionBack", (ops, o) => ops.ConvolutionBack(Windows, 1, o.Matrix(2, 45), o.Matrix(20, 2), 0, o.Matrix(18, 2))),
        ("ConvolutionBack", (ops, o) => ops.ConvolutionBack(Windows, 1, o.Matrix(2, 44), o.Matrix(16, 2), 0, o.Matrix(32, 2))),
        ("ConvolutionWeights", (ops, o) => ops.ConvolutionWeights(Windows, 1, o.Matrix(18, 5), o.Matrix(2, 32), 0, o.Matrix(5, 9))),
        ("ConvolutionWeights", (ops, o) => ops.ConvolutionWeights(Windows, 1, o.Matrix(9, 5), o.Matrix(2, 32), 0, o.Matrix(5, 8))),
        ("Turn", (ops, o) => ops.Turn(o.Matrix(2, 6), 4, 0, o.Matrix(2, 6))),
        ("Turn", (ops, o) => ops.Turn(o.Matrix(2, 6), 3, 0, o.Matrix(3, 6))),
        ("MaxPool", (ops, o) => ops.MaxPool(Windows, o.Matrix(2, 32), false, o.Matrix(2, 18), o.Matrix(2, 9))),
        ("MaxPool", (ops, o) => ops.MaxPool(Windows, o.Matrix(2, 16), false, o.Matrix(2, 18), o.Matrix(2, 18))),
        ("TakeRoutes", (ops, o) => ops.TakeRoutes(Windows, o.Matrix(3, 32), o.Matrix(2, 18), o.Matrix(3, 18))),
        ("TakeRoutes", (ops, o) => ops.TakeRoutes(Windows, o.Matrix(4, 32), o.Matrix(2, 9), o.Matrix(4, 18))),
        ("FollowRoutes", (ops, o) => ops.FollowRoutes(Windows, o.Matrix(4, 18), o.Matrix(3, 18), 0, o.Matrix(4, 32))),
        ("FollowRoutes", (ops, o) => ops.FollowRoutes(Windows, o.Matrix(4, 18), o.Matrix(2, 18), 0, o.Matrix(2, 32))),
        ("AveragePool", (ops, o) => ops.AveragePool(Windows, false, o.Matrix(2, 32), o.Matrix(2, 9))),
        ("AveragePoolBack", (ops, o) => ops.AveragePoolBack(Windows, false, o.Matrix(2, 18), 0, o.Matrix(2, 33))),
        ("ScaleColumns", (ops, o) => ops.ScaleColumns(o.Matrix(3, 4), o.Vector(3), default, 0, o.Matrix(3, 4))),
        ("ScaleColumns", (ops, o) => ops.ScaleColumns(o.Matrix(3, 4), o.Vector(4), o.Vector(3), 0, o.Matrix(3, 4))),
        ("ScaleColumns", (ops, o) => ops.ScaleColumns(o.Matrix(3, 4), o.Vector(4), default, 0, o.Matrix(4, 4))),
        ("ColumnDots", (ops, o) => ops.ColumnDots(o.Matrix(3, 4), o.Matrix(3, 5), 0, o.Vector(4))),
        ("ColumnDots", (ops, o) => ops.ColumnDots(o.Matrix(3, 4), o.Matrix(3, 4), 0, o.Vector(3))),
        ("Dot", (ops, o) => ops.Dot(o.Vector(3), o.Vector(4), o.Vector(1))),
        ("Dot", (ops, o) => ops.Dot(o.Vector(3), o.Vector(3), o.Vector(0))),
        ("DivideByRoot", (ops, o) => ops.DivideByRoot(o.Vector(3), o.Vector(1), o.Vector(4))),
        ("RowSquares", (ops, o) => ops.RowSquares(o.Matrix(3, 4), o.Vector(4))),
        ("Project", (ops, o) => ops.Project(o.Matrix(3, 4), o.Vector(3), o.Vector(3))),
        ("Project", (ops, o) => ops.Project(o.Matrix(3, 4), o.Vector(4), o.Vector(4))),
        ("Deflate", (ops, o) => ops.Deflate(o.Matrix(3, 4), o.Vector(2), o.Vector(4))),
        ("Rotate", (ops, o) => ops.Rotate(o.Matrix(3, 4), o.Matrix(3, 4))),
        ("Rotate", (ops, o) => ops.Rotate(o.Matrix(3, 4), o.Matrix(4, 2))),
        ("SoftmaxCrossEntropy", (ops, o) => ops.SoftmaxCrossEntropy(o.Matrix(3, 4), o.Indices(4), 0, o.Matrix(3, 4), o.Vector(1))),
        ("SoftmaxCrossEntropy", (ops, o) => ops.SoftmaxCrossEntropy(o.Matrix(3, 4), o.Indices(3), 0, o.Matrix(4, 3), o.Vector(1))),
        ("SoftmaxGradient", (ops, o) => ops.SoftmaxGradient(o.Matrix(3, 4), o.Indices(3), 0, o.Matrix(3, 3))),
        ("SoftmaxHessian", (ops, o) => ops.SoftmaxHessian(o.Matrix(3, 4), 1, o.Matrix(4, 4), o.Matrix(4, 4))),
        ("SoftmaxHessian", (ops, o) => ops.SoftmaxHessian(o.Matrix(3, 4), 1, o.Matrix(6, 3), o.Matrix(6, 3))),
        ("SoftmaxFactors", (ops, o) => ops.SoftmaxFactors(o.Matrix(3, 4), 1, 0, o.Matrix(5, 4))),
        ("SquaredError", (ops, o) => ops.SquaredError(o.Matrix(3, 4), o.Matrix(4, 3), o.Matrix(3, 4), o.Vector(1))),
        ("RowOuter", (ops, o) => ops.RowOuter(o.Matrix(3, 4), 1, o.Matrix(6, 4), o.Matrix(3, 4))),
        ("CountErrors", (ops, o) => ops.CountErrors(o.Matrix(3, 4), o.Indices(4), o.Vector(1))),
        ("PackSigns", (ops, o) => ops.PackSigns(Transpose.No, o.Matrix(3, 4), 0, o.Signs(4, 3))),
        ("PackSigns", (ops, o) => ops.PackSigns(Transpose.Yes, o.Matrix(3, 4), 0, o.Signs(3, 4))),
        ("UnpackSigns", (ops, o) => ops.UnpackSigns(o.Signs(3, 4), o.Matrix(3, 5))),
        ("MomentumStep", (ops, o) => ops.MomentumStep(o.Vector(3), o.Vector(3), o.Vector(4), 1, 1, 1, false)),
        ("AdamStep", (ops, o) => ops.AdamStep(o.Vector(3), o.Vector(3), o.Vector(3), o.Vector(2), default, 1)),
    ];

    [Test]
    public void What_does_not_fit_is_refused_everywhere_in_the_same_words()
    {
        foreach (var (name, call) in Wrong)
        {
            string[] sentences = [.. Linearisation.Nets.Devices.Select(device => Refusal(device, call))];
            Assert.That(sentences, Has.All.EqualTo(sentences[0]).And.All.Not.Empty, name);
        }
    }

    [Test]
    public void Every_operation_with_shapes_is_tried() =>
        Assert.That(Wrong.Select(wrong => wrong.Name).Distinct().Concat(Shapeless), Is.EquivalentTo(OpNames.All));

    [Test]
    public void The_sentence_names_the_operation_the_operand_and_both_lengths() =>
        Assert.That(Refusal("reference", (ops, o) => ops.Dot(o.Vector(3), o.Vector(4), o.Vector(1))), Is.EqualTo("Dot: y has 4 elements; it must have 3"));

    [Test]
    public void An_index_beyond_the_end_is_refused_where_the_host_can_see_it([Values("cpu", "reference")] string device)
    {
        Assert.That(Refusal(device, (ops, o) => ops.GatherRows(o.Matrix(3, 4), o.Indices(1, 3), o.Matrix(1, 4))), Does.Contain("index 0 is 3"));
        Assert.That(Refusal(device, (ops, o) => ops.GatherLabels(o.Indices(3), o.Indices(1, -1), o.Indices(1))), Does.Contain("index 0 is -1"));
    }

    private static string Refusal(string device, Action<IOps<double>, Operands> call)
    {
        using var engine = Engine.Open(device);
        using var operands = new Operands(engine.Backend);
        return Assert.Throws<ArgumentException>(() => call(engine.Backend.Ops<double>(), operands), device)!.Message;
    }

    /// <summary>Operands of any shape.</summary>
    private sealed class Operands(IBackend backend) : IDisposable
    {
        private readonly List<IDisposable> _buffers = [];

        public VectorView<double> Vector(long n) => Kept(backend.Allocate<double>(n)).All;

        public MatrixView<double> Matrix(long rows, long columns) => Vector(rows * columns).AsMatrix(rows, columns);

        public VectorView<int> Indices(int n, int first = 0)
        {
            var buffer = Kept(backend.Allocate<int>(n));
            backend.Write<int>([first], buffer.Slice(0, 1));
            return buffer.All;
        }

        public BitMatrix Signs(long rows, long columns) => new(Kept(BitMatrix.Allocate(backend, rows, columns)), rows, columns);

        public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

        private DeviceBuffer<T> Kept<T>(DeviceBuffer<T> buffer) where T : unmanaged
        {
            _buffers.Add(buffer);
            return buffer;
        }
    }
}
