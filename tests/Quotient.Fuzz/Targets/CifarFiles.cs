using Quotient.Data.Formats;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>The records of CIFAR-10.</summary>
internal sealed class CifarFiles() : Target("cifar")
{
    private static readonly byte[][] Seeds = [[.. Enumerable.Range(0, 3 * 3073).Select(i => (byte)(i % 3073 == 0 ? i / 3073 : i))]];

    public override string FileName => "in.bin";

    public override byte[] Make(Dice dice)
    {
        byte[] file = Seeds[0];
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = dice.OneIn(3) ? file[..(file.Length / 3073 * 3073)] : ByteMutations.Damage(file, dice, Seeds);
        }

        return file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        Samples.Check(Read(), Read);
        return true;

        Dataset Read() => Cifar.Read("set", [(FileName, input)]);
    }
}
