using Onnx;

namespace Quotient.Networks.Import;

/// <summary>What a name in an ONNX graph stands for, while the graph is read.</summary>
internal abstract record OnnxValue;

/// <summary>The output of a layer for every sample, or the network's input.</summary>
/// <param name="Node">The layer's index; <see cref="Network.Source"/> for the input.</param>
/// <param name="Shape">The shape of one sample.</param>
/// <param name="IsImage">Whether it has the axes samples, channels, height, width; samples and values where not.</param>
/// <param name="Padding">Zeros around it that no layer has taken in yet.</param>
internal sealed record OnnxSignal(int Node, Shape Shape, bool IsImage, Padding Padding = default) : OnnxValue
{
    /// <summary>The extents of its axes; null for the number of samples.</summary>
    public IReadOnlyList<long?> Extents => IsImage ? [null, Shape.Channels, Shape.Height, Shape.Width] : [null, Shape.Size];

    /// <summary>What it looks like, for sentences: <c>[N, 3, 32, 32]</c>.</summary>
    public string Text => Quotient.Text.Bracket([.. Extents.Select(extent => extent is { } known ? $"{known}" : "N")]);
}

/// <summary>Zeros around an image.</summary>
internal readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>Whether there are any.</summary>
    public bool IsThere => this != default;
}

/// <summary>A tensor of the file. An Identity of it is another one, under a key of its own.</summary>
/// <param name="Key">The name under which layers find it, and by which it is known.</param>
/// <param name="Tensor">Where its numbers are.</param>
/// <param name="IsTurned">Whether the graph reads it with its two axes exchanged.</param>
internal sealed record OnnxConstant(string Key, TensorProto Tensor, bool IsTurned = false) : OnnxValue
{
    /// <summary>Its extents, as the file has them.</summary>
    public IReadOnlyList<long> Dimensions => Tensor.Dims;
}

/// <summary>Numbers that a graph computes of shapes: extents, null for the number of samples; or one of them alone.</summary>
internal sealed record OnnxExtents(IReadOnlyList<long?> Values, bool IsScalar = false) : OnnxValue;
