using Quotient.Data;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>Model files: read, written and read again, evaluated and differentiated.</summary>
internal sealed class ModelFiles() : Target("models")
{
    private const int Samples = 5, MostParameters = 20_000, MostWidth = 4096, MostNodes = 3000;

    private static readonly Model[] Models =
    [
        Model.Initialise(Network.Parse("2-4-3"), Initialisation.PyTorch, 1),
        Model.Initialise(Network.Parse("5-3", bias: false), Initialisation.He, 2, Precision.Double),
        Model.Initialise(Network.Parse("binary:2-9-3"), Initialisation.He, 3),
        Model.Initialise(Network.Parse("binary,relu:3-5-2"), Initialisation.He, 4),
        Model.Initialise(Network.Parse("binary,real-first:2-9-9-3"), Initialisation.He, 5),
        Model.Initialise(
            Network.Build(new(2, 2, 2), x => x.Flatten().Dense(6).Relu().Residual(h => h.Dense(6).Relu()).Dense(3)), Initialisation.He, 6),
    ];

    private readonly Engine _engine = Engine.Open("cpu", 1);
    private IReadOnlyList<byte[]>? _seeds;

    public override string FileName => "in.safetensors";

    private IReadOnlyList<byte[]> Seeds => _seeds ??= [.. Models.SelectMany(Files)];

    public override byte[] Make(Dice dice)
    {
        byte[] file = dice.Pick(Seeds);
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = SafetensorsMutations.Damage(file, dice, Seeds);
        }

        return file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        var model = Model.Load(Folder.Write(FileName, input));
        WrongException.Unless(Array.TrueForAll(model.Parameters, double.IsFinite), "a parameter is not finite");
        if (Verdict.Accepts(() => model.Save(Folder.At("out"))))
        {
            var again = Model.Load(Folder.At("out"));
            WrongException.Unless(again.Parameters.SequenceEqual(model.Parameters), "what was written is read as something else");
            WrongException.Unless(again.Network.ToString() == model.Network.ToString(), "what was written is another network");
            byte[] first = File.ReadAllBytes(Folder.At("out"));
            again.Save(Folder.At("out"));
            WrongException.Unless(File.ReadAllBytes(Folder.At("out")).AsSpan().SequenceEqual(first), "what is written twice differs");
        }

        var network = model.Network;
        if (network.ParameterCount <= MostParameters && network.Shapes.Append(network.Input).All(shape => shape.Size <= MostWidth)
            && network.Nodes.Count <= MostNodes)
        {
            Verdict.Accepts(() => Compute(model, dice));
        }

        return true;
    }

    public override long MostBytes(int length) => (32L << 20) + (2048L * length);

    protected override void Dispose(bool disposing)
    {
        _engine.Dispose();
        base.Dispose(disposing);
    }

    private void Compute(Model model, Dice dice)
    {
        var network = model.Network;
        int width = network.Input.Size, classes = Math.Max(2, network.Output.Size);
        double[] inputs = [.. Enumerable.Range(0, Samples * width).Select(i => (dice.Below(2001) - 1000) / 256.0)];
        int[] labels = [.. Enumerable.Range(0, Samples).Select(i => i % classes)];
        var data = Dataset.Classification("samples", network.Input, SampleStore.Doubles(inputs, width), labels, classes);
        var precision = dice.OneIn(2) ? Precision.Single : Precision.Double;
        var found = _engine.Evaluate(model, data, precision: precision);
        WrongException.Unless(double.IsFinite(found.Loss) && found.Loss >= 0, $"the loss is {found.Loss}");
        WrongException.Unless(found.Error is >= 0 and <= 1, $"the error is {found.Error}");
        WrongException.Unless(_engine.Evaluate(model, data, precision: precision) == found, "two evaluations differ");
        if (dice.OneIn(2))
        {
            using var problem = _engine.Pose(model, data, precision: precision == Precision.Double ? "double" : "single");
            WrongException.Unless(Array.TrueForAll(problem.Gradient(), double.IsFinite), "the gradient is not finite");
        }
    }

    private IEnumerable<byte[]> Files(Model model)
    {
        bool binary = model.Network.Tensors.Any(tensor => tensor.IsBinary);
        foreach (var kept in binary ? Enum.GetValues<Networks.BinaryWeights>() : [Networks.BinaryWeights.Shadow])
        {
            model.Save(Folder.At("seed"), new Dictionary<string, string> { ["note"] = "é" }, kept);
            yield return File.ReadAllBytes(Folder.At("seed"));
        }
    }
}
