namespace Quotient.Networks;

/// <summary>What a model file keeps of the weights of binary layers.</summary>
public enum BinaryWeights
{
    /// <summary>The real shadow weights, which training and some surrogates go on from.</summary>
    Shadow,

    /// <summary>±1 in the file's own precision, as any reader of safetensors takes it.</summary>
    Signs,

    /// <summary>A bit a weight.</summary>
    Packed,
}

/// <summary>
/// The signs of a binary weight as bytes: tensor <c>name.weight_bits</c>, outputs × ⌈inputs / 8⌉, the first weight in the lowest bit;
/// bits beyond the inputs are 0.
/// </summary>
internal static class PackedSigns
{
    private const int BitsOfByte = 8;

    public static string NameOf(NetworkTensor tensor) => $"{tensor.Name}_bits";

    public static IReadOnlyList<long> DimensionsOf(NetworkTensor tensor) =>
        [tensor.Shape.Extent(Axis.Out), BytesOfRow(tensor)];

    /// <summary>θ with the weights of binary layers as bytes, the tensors one after the other.</summary>
    public static double[] Pack(Network network, double[] parameters) =>
        [.. network.Tensors.SelectMany(tensor => tensor.IsBinary ? Bytes(tensor, parameters[tensor.Range]) : parameters[tensor.Range])];

    /// <summary>Reads bytes as ±1; throws where bits are set that stand for no weight.</summary>
    public static void Read(Safetensors file, StoredTensor stored, NetworkTensor tensor, Span<double> signs)
    {
        int columns = (int)tensor.Shape.Extent(Axis.In), width = BytesOfRow(tensor);
        double[] bytes = new double[stored.Size];
        file.Read(stored, bytes);
        for (int i = 0; i < tensor.Shape.Extent(Axis.Out); i++)
        {
            for (int bit = 0; bit < width * BitsOfByte; bit++)
            {
                bool set = (((int)bytes[(i * width) + (bit / BitsOfByte)] >> (bit % BitsOfByte)) & 1) == 1;
                if (bit < columns)
                {
                    signs[(i * columns) + bit] = set ? 1 : -1;
                }
                else if (set)
                {
                    throw new QuotientException(
                        $"tensor {Text.Quote(stored.Name)} has bit {bit} of row {i} set, beyond the layer's {columns} inputs");
                }
            }
        }
    }

    private static int BytesOfRow(NetworkTensor tensor) => ((int)tensor.Shape.Extent(Axis.In) + BitsOfByte - 1) / BitsOfByte;

    private static double[] Bytes(NetworkTensor tensor, double[] weights)
    {
        int columns = (int)tensor.Shape.Extent(Axis.In), width = BytesOfRow(tensor);
        double[] bytes = new double[tensor.Shape.Extent(Axis.Out) * width];
        foreach (var (i, weight) in weights.Index())
        {
            int bit = i % columns;
            bytes[(i / columns * width) + (bit / BitsOfByte)] += weight >= 0 ? 1 << (bit % BitsOfByte) : 0;
        }

        return bytes;
    }
}
