using Quotient.Files;
using Quotient.Networks;
using Quotient.Networks.Export;
using Quotient.Networks.Import;

namespace Quotient;

public sealed partial class Model
{
    /// <summary>
    /// Reads a safetensors file with PyTorch's <c>state_dict</c> names, in F16, BF16, F32 or F64, each of which
    /// <see cref="Parameters"/> holds exactly; or an ONNX file, whose name ends in <c>.onnx</c>.
    /// </summary>
    /// <remarks>
    /// The architecture of a safetensors file is the metadata key <c>quotient.network</c>, as <see cref="Save"/> writes it. Without it, a
    /// <c>state_dict</c> is put to the architecture that is given, module by module in the natural order of their names, each to the first
    /// layer that wants tensors of its shapes; <c>num_batches_tracked</c> is ignored. Where none is given either, a file of 2-D weights and
    /// 1-D biases, <c>name.weight</c> and <c>name.bias</c>, is read as dense layers in the natural order of their names, with ReLU between.
    /// An ONNX file of opset 9 or newer is a feed-forward ReLU net; its numbers lie in it or in files of its folder. θ is what the file holds:
    /// node by node, each tensor as it is stored. <see cref="Stored"/> is double where a tensor is F64. The weight of a binary layer is either such a
    /// tensor, whose signs count, or <c>name.weight_bits</c>: U8, outputs × ⌈inputs / 8⌉, bit i mod 8 of byte ⌊i/8⌋ set where
    /// weight i is +1 (what <c>numpy.packbits(w &gt;= 0, axis=1, bitorder='little')</c> makes).
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="architecture">What it is of, where it does not say that itself.</param>
    /// <exception cref="QuotientException">
    /// The file is missing, is not whole, is of neither format, says an architecture and is given one too, has tensors that its architecture
    /// does not fit or operators that are not taken, or holds NaN or an infinity.
    /// </exception>
    public static Model Load(string path, Network? architecture = null)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (OnnxFile.Is(path))
            {
                QuotientException.ThrowIf(architecture is not null, $"an ONNX file says its own architecture; give none beside it");
                return OnnxFile.Read(stream, Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            using var file = new Safetensors(stream);
            return Read(file, architecture);
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
    /// <see cref="Stored"/> says; or an ONNX file, where the name ends in <c>.onnx</c>. The same model always gives the same bytes.
    /// </summary>
    /// <param name="path">A file of that name is replaced.</param>
    /// <param name="metadata">Text to carry in place of <see cref="Metadata"/>; the architecture is always added.</param>
    /// <param name="binaryWeights">What is kept of the weights of binary layers.</param>
    /// <exception cref="QuotientException">
    /// A parameter is not finite as stored, the format has no words for a layer, or the file cannot be written.
    /// </exception>
    public void Save(
        string path, IReadOnlyDictionary<string, string>? metadata = null, BinaryWeights binaryWeights = BinaryWeights.Shadow)
    {
        Writing(path, () =>
        {
            // What a format cannot hold is found before there is a file.
            Action<Stream> write = OnnxFile.Is(path)
                ? OnnxWriter.Of(this, metadata ?? Metadata)
                : stream => WriteSafetensors(stream, metadata ?? Metadata, binaryWeights);
            WholeFile.Write(path, write);
        });
    }

    /// <summary>Throws where <see cref="Save"/> would find that the format has no words for a layer: what is known before any training.</summary>
    /// <exception cref="QuotientException">The sentence names the layer.</exception>
    public void CheckSavable(string path)
    {
        if (OnnxFile.Is(path))
        {
            Writing(path, () => OnnxWriter.NodesOf(this));
        }
    }

    /// <summary>Names the file in the sentence of what goes wrong.</summary>
    private static void Writing(string path, Action write)
    {
        try
        {
            write();
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"cannot write the model file '{path}': {error.Message}", error);
        }
    }

    private void WriteSafetensors(Stream stream, IReadOnlyDictionary<string, string> metadata, BinaryWeights binaryWeights)
    {
        var type = Stored == Precision.Double ? TensorType.F64 : TensorType.F32;
        var carried = new Dictionary<string, string>(metadata) { [Architecture.Key] = Architecture.Write(Network) };
        bool packs = binaryWeights == BinaryWeights.Packed;
        var values = binaryWeights == BinaryWeights.Shadow ? Parameters : AtBinaryWeights().Parameters;
        var tensors = Network.Tensors.Concat(Network.Buffers).Select(tensor => packs && tensor.IsBinary
            ? (PackedSigns.NameOf(tensor), TensorType.U8, PackedSigns.DimensionsOf(tensor))
            : (tensor.Name, type, Dimensions(tensor)));
        double[] stored = [.. packs ? PackedSigns.Pack(Network, values) : values, .. Buffers];
        Safetensors.Write(stream, carried, tensors, stored);
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

    private static Model Read(Safetensors file, Network? given)
    {
        bool says = file.Metadata.TryGetValue(Architecture.Key, out string? architecture);
        QuotientException.ThrowIf(
            says && given is not null, $"the file says its own architecture, under the metadata key {Architecture.Key}; give none beside it");
        var network = says ? Architecture.Read(architecture!)
            : given is not null ? StateDict.Match(given, file.Tensors)
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
        var byName = tensors.Where(tensor => !StateDict.IsCounter(tensor)).ToDictionary(tensor => tensor.Name);
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

            if (found.Type == TensorType.U8 != packed || found.Type == TensorType.I64)
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
