using Quotient.Fuzz.Mutations;
using Quotient.Training;

namespace Quotient.Fuzz.Targets;

/// <summary>Checkpoints of training, from which it is resumed.</summary>
internal sealed class CheckpointFiles() : Target("checkpoints")
{
    private static readonly Network Net = Network.Parse("2-4-3");
    private readonly Engine _engine = Engine.Open("cpu", 1);
    private readonly Dataset _data = Dataset.Open("spirals[0:24]");
    private byte[]? _seed;
    private double[] _end = [];
    private bool _sealed;

    public override string FileName => "in.checkpoint";

    public override byte[] Make(Dice dice)
    {
        byte[] file = _seed ??= Prepare();
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = SafetensorsMutations.Damage(file, dice, [_seed]);
        }

        return file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        Folder.Write(FileName, input);
        double[] end;
        try
        {
            end = Resume(3);
        }
        catch (QuotientException diverged) when (!_sealed && diverged.Message.StartsWith("training diverged", StringComparison.Ordinal))
        {
            return true;
        }

        WrongException.Unless(end.All(double.IsFinite), "a parameter of the resumed training is not finite");
        WrongException.Unless(
            !_sealed || end.AsSpan().SequenceEqual(_end), "a damaged checkpoint is accepted, and training ends elsewhere");

        return true;
    }

    protected override void Dispose(bool disposing)
    {
        _engine.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Two of three epochs; whether a checkpoint is sealed shows where one bit of a weight is turned.</summary>
    private byte[] Prepare()
    {
        File.Delete(Folder.At(FileName));
        Train(2, false);
        byte[] file = File.ReadAllBytes(Folder.At(FileName)), turned = [.. file];
        turned[^1] ^= 1;
        _end = Resume(3);
        Folder.Write(FileName, turned);
        _sealed = !Verdict.Accepts(() => Resume(3));
        return file;
    }

    private double[] Resume(int epochs) => Train(epochs, true);

    private double[] Train(int epochs, bool resume)
    {
        var options = new TrainingOptions
        {
            Epochs = epochs,
            BatchSize = 8,
            Seed = 4,
            Checkpoint = Folder.At(FileName),
            Resume = resume,
            Optimiser = new Training.Optimisers.Adam(),
        };
        return _engine.Train(Model.Initialise(Net, Initialisation.He, 7), _data, null, options).Model.Parameters;
    }
}
