using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Quotient.Networks.Import;

/// <summary>The input of a graph: samples × values, or samples × channels × height × width; the number of samples may be open.</summary>
internal static class OnnxInput
{
    private const int Vector = 2, Image = 4;

    private static readonly DataType[] Types = [DataType.Float, DataType.Double, DataType.Float16, DataType.Bfloat16];

    /// <summary>The shape of a sample, whether it is an image, and how many samples there are, where the graph holds for so many only.</summary>
    public static (Shape Shape, bool IsImage, long? Samples) Read(ValueInfoProto input)
    {
        var tensor = input.Type?.TensorType;
        if (tensor?.Shape is null || !Types.Contains((DataType)tensor.ElemType))
        {
            throw Wrong(input, "is no tensor of floating-point numbers with a shape");
        }

        var axes = tensor.Shape.Dim;
        if (axes.Count is not (Vector or Image))
        {
            throw Wrong(input, $"has {axes.Count} axes; samples and values, or samples, channels, height and width are wanted");
        }

        int[] extents = [.. axes.Skip(1).Select((axis, index) => axis.DimValue is > 0 and <= int.MaxValue
            ? (int)axis.DimValue
            : throw Wrong(input, axis.DimValue > 0
                ? $"has the extent {axis.DimValue} along axis {index + 1}, more than 2³¹ − 1"
                : $"has no extent of 1 or more along axis {index + 1}; only the number of samples may be open"))];
        var shape = extents.Length == 1 ? new Shape(extents[0]) : new Shape(extents[0], extents[1], extents[2]);
        long? samples = axes[0].DimValue > 0 ? axes[0].DimValue : null;
        return shape.IsValid ? (shape, extents.Length > 1, samples) : throw Wrong(input, $"has samples of {shape} values, too many");
    }

    private static QuotientException Wrong(ValueInfoProto input, string sentence) => new($"the graph's input {Text.Quote(input.Name)} {sentence}");
}
