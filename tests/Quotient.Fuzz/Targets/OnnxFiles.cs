using Google.Protobuf;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>ONNX files: those of PyTorch's exporter and ours, damaged as bytes and as graphs; read, written and read again.</summary>
internal sealed class OnnxFiles() : Target("onnx")
{
    private const string Prefix = "onnx/", Beside = "in.data";

    private static readonly byte[] Numbers = [.. Enumerable.Range(0, 500).SelectMany(i => BitConverter.GetBytes(MathF.Sin(i)))];

    private IReadOnlyList<byte[]>? _seeds;

    public override string FileName => "in.onnx";

    private IReadOnlyList<byte[]> Seeds => _seeds ??= [.. Theirs(), .. Ours()];

    public override byte[] Make(Dice dice)
    {
        byte[] file = dice.Pick(Seeds);
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = dice.OneIn(3) ? ByteMutations.Damage(file, dice, Seeds) : OnnxMutations.Damage(file, dice, Seeds, Beside);
        }

        return file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        Folder.Write(Beside, Numbers);
        var model = Model.Load(Folder.Write(FileName, input));
        WrongException.Unless(Array.TrueForAll(model.Parameters, double.IsFinite), "a parameter is not finite");
        WrongException.Unless(Array.TrueForAll(model.Buffers, double.IsFinite), "a statistic is not finite");
        foreach (string name in (string[])["out.onnx", "out.safetensors"])
        {
            if (Verdict.Accepts(() => model.Save(Folder.At(name))))
            {
                CheckAgain(model, Folder.At(name));
            }
        }

        return true;
    }

    public override long MostBytes(int length) => (32L << 20) + (2048L * length);

    private static void CheckAgain(Model model, string path)
    {
        var again = Model.Load(path);
        WrongException.Unless(again.Parameters.SequenceEqual(model.Parameters), $"{Path.GetFileName(path)} has other parameters");
        WrongException.Unless(again.Buffers.SequenceEqual(model.Buffers), $"{Path.GetFileName(path)} has other statistics");
        WrongException.Unless(again.Network.Output == model.Network.Output, $"{Path.GetFileName(path)} is another network");
        byte[] first = File.ReadAllBytes(path);
        model.Save(path);
        WrongException.Unless(File.ReadAllBytes(path).AsSpan().SequenceEqual(first), "what is written twice differs");
    }

    private static IEnumerable<byte[]> Theirs()
    {
        var assembly = typeof(OnnxFiles).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order())
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            // What lies beside the file is the same for all here.
            var file = Onnx.ModelProto.Parser.ParseFrom(bytes);
            foreach (var location in file.Graph.Initializer.SelectMany(tensor => tensor.ExternalData).Where(entry => entry.Key == "location"))
            {
                location.Value = Beside;
            }

            yield return file.ToByteArray();
        }
    }

    private IEnumerable<byte[]> Ours()
    {
        var network = Network.Build(new(2, 6, 6), x => x.Convolution(3, 3, padding: 1).BatchNorm().Relu().MaxPool(2).Residual(h =>
            h.Convolution(3, 1).Relu()).AveragePool(2, 1).GlobalAveragePool().Dense(3));
        Model.Initialise(network, Initialisation.PyTorch, 1).Save(Folder.At("seed.onnx"));
        yield return File.ReadAllBytes(Folder.At("seed.onnx"));
    }
}
