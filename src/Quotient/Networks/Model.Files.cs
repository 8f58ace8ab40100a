using Quotient.Files;
using Quotient.Networks;

namespace Quotient;

public sealed partial class Model
{
    /// <summary>
    /// Reads a safetensors file with PyTorch's <c>state_dict</c> names, in F16, BF16, F32 or F64, each of which
    /// <see cref="Parameters"/> holds exactly.
    /// </summary>
    /// <remarks>
    /// The architecture is the metadata key <c>quotient.network</c>, as <see cref="Save"/> writes it. Without it, a file of
    /// 2-D weights and 1-D biases, <c>name.weight</c> and <c>name.bias</c>, is read as dense layers in the natural order of their
    /// names, with ReLU between. <see cref="Stored"/> is double where a tensor is F64. The weight of a binary layer is either such a
    /// tensor, whose signs count, or <c>name.weight_bits</c>: U8, outputs × ⌈inputs / 8⌉, bit i mod 8 of byte ⌊i/8⌋ set where
    /// weight i is +1 (what <c>numpy.packbits(w &gt;= 0, axis=1, bitorder='little')</c> makes).
    /// </remarks>
    /// <exception cref="QuotientException">
    /// The file is missing, is not whole, is no safetensors file, says an architecture that its tensors do not fit, or holds NaN
    /// or an infinity.
    /// </exception>
    public static Model Load(string path)
    {
        try
        {
            using var file = new Safetensors(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
            return Read(file);
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuotientException($"the model file '{path}' does not exist", error);
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            throw new QuotientException($"cannot read the model file '{path}': {error.Message}", error);
        }
    }

    /// <summary>
    /// Writes a safetensors file that <see cref="Load"/> reads, whole or not at all, its tensors in F32 or F64 as
    /// <see cref="Stored"/> says. The same model always gives the same bytes.
    /// </summary>
    /// <param name="path">A file of that name is replaced.</param>
    /// <param name="metadata">Text to carry in place of <see cref="Metadata"/>; the architecture is always added.</param>
    /// <param name="binaryWeights">What is kept of the weights of binary layers.</param>
    /// <exception cref="QuotientException">A parameter is not finite as stored, or the file cannot be written.</exception>
    public void Save(
        string path, IReadOnlyDictionary<string, string>? metadata = null, BinaryWeights binaryWeights = BinaryWeights.Shadow)
    {
        var type = Stored == Precision.Double ? TensorType.F64 : TensorType.F32;
        var carried = new Dictionary<string, string>(metadata ?? Metadata) { [Architecture.Key] = Architecture.Write(Network) };
        bool packs = binaryWeights == BinaryWeights.Packed;
        var values = binaryWeights == BinaryWeights.Shadow ? Parameters : AtBinaryWeights().Parameters;
        var tensors = Network.Tensors.Concat(Network.Buffers).Select(tensor => packs && tensor.IsBinary
            ? (PackedSigns.NameOf(tensor), TensorType.U8, PackedSigns.DimensionsOf(tensor))
            : (tensor.Name, type, Dimensions(tensor)));
        double[] stored = [.. packs ? PackedSigns.Pack(Network, values) : values, .. Buffers];
        try
        {
            WholeFile.Write(path, stream => Safetensors.Write(stream, carried, tensors, stored));
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"cannot write the model file '{path}': {error.Message}", error);
        }
    }

    /// <summary>The same model with every weight of a binary layer replaced by its sign, which changes no output.</summary>
    public Model AtBinaryWeights()
    {
        double[] parameters = [.. Parameters];
        foreach (var tensor in Network.Tensors.Where(tensor => tensor.IsBinary))
        {
            foreach (ref double value in parameters.AsSpan(tensor.Range))
            {
                value = value >= 0 ? 1 : -1;
            }
        }

        return With(Network, parameters);
    }

    private static Model Read(Safetensors file)
    {
        var network = file.Metadata.TryGetValue(Architecture.Key, out string? architecture)
            ? Architecture.Read(architecture)
            : DenseChain.Read(file.Tensors);
        var stored = Match(network, file.Tensors);
        double[] parameters = NewVector(network);
        double[] buffers = HostArray.Zeros<double>(network.BufferCount, () => $"what the network {network} keeps beside its parameters");
        foreach (var (tensor, source) in network.Buffers.Zip(stored.Skip(network.Tensors.Count)))
        {
            file.Read(source, buffers.AsSpan(tensor.Range));
        }

        foreach (var (tensor, source) in network.Tensors.Zip(stored))
        {
            if (source.Type == TensorType.U8)
            {
                PackedSigns.Read(file, source, tensor, parameters.AsSpan(tensor.Range));
            }
            else
            {
                file.Read(source, parameters.AsSpan(tensor.Range));
            }
        }

        bool single = stored.All(tensor => tensor.Type != TensorType.F64);
        return new(network, parameters, single ? Precision.Single : Precision.Double, buffers)
        {
            Metadata = file.Metadata.Where(pair => pair.Key != Architecture.Key).ToDictionary(),
        };
    }

    /// <summary>
    /// The stored tensor for each of the network's. That every shape is that of bytes really there is what allows θ to be
    /// allocated after it.
    /// </summary>
    private static List<StoredTensor> Match(Network network, IReadOnlyList<StoredTensor> tensors)
    {
        var byName = tensors.ToDictionary(tensor => tensor.Name);
        var matched = new List<StoredTensor>();
        foreach (var wanted in network.Tensors.Concat(network.Buffers))
        {
            bool packed = wanted.IsBinary && byName.ContainsKey(PackedSigns.NameOf(wanted));
            string name = packed ? PackedSigns.NameOf(wanted) : wanted.Name;
            var dimensions = packed ? PackedSigns.DimensionsOf(wanted) : Dimensions(wanted);
            if (!byName.Remove(name, out var found))
            {
                throw new QuotientException($"tensor {Text.Quote(name)} of shape {Text.Bracket(dimensions)} is missing");
            }

            if (!found.Dimensions.SequenceEqual(dimensions))
            {
                throw new QuotientException(
                    $"tensor {Text.Quote(name)} has shape {Text.Bracket(found.Dimensions)}, but the network wants {Text.Bracket(dimensions)}");
            }

            if (found.Type == TensorType.U8 != packed)
            {
                throw new QuotientException(
                    $"tensor {Text.Quote(name)} has dtype {found.Type}, but the network wants {(packed ? "U8" : "F16, BF16, F32 or F64")}");
            }

            matched.Add(found);
        }

        return byName.Count == 0
            ? matched
            : throw new QuotientException($"tensor {Text.Quote(byName.Keys.First())} belongs to no layer of the network");
    }

    private static IReadOnlyList<long> Dimensions(NetworkTensor tensor) => [.. tensor.Shape.Dimensions.Select(d => (long)d)];
}
