using System.Text;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>Tables as text.</summary>
internal sealed class CsvFiles() : Target("csv")
{
    private static readonly byte[][] Seeds =
    [
        Encoding.UTF8.GetBytes("a,b,c\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i}.5,-{i}e3,{i % 3}\n"))),
        Encoding.UTF8.GetBytes("\ufeff1,2,0.5\r\n\r\n3,4,-1\r\n"),
        Encoding.UTF8.GetBytes("1,0\n2,1"),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3).Select(i => string.Join(',', Enumerable.Range(0, 900)) + ",0\n"))),
    ];

    public override string FileName => "in.csv";

    public override byte[] Make(Dice dice)
    {
        byte[] file = dice.Pick(Seeds);
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            file = dice.OneIn(3) ? ByteMutations.Damage(file, dice, Seeds) : TextMutations.Damage(file, dice);
        }

        return file;
    }

    public override bool Run(byte[] input, Dice dice)
    {
        string path = Folder.Write(FileName, input);
        var data = Dataset.Open(path);
        Samples.Check(data, () => Dataset.Open(path));
        if (input.Length < 1 << 16)
        {
            Samples.Check(data, () => Dataset.Open(Folder.Write("again.csv", Encoding.UTF8.GetBytes(Written(data)))));
        }

        return true;
    }

    /// <summary>Its numbers as text that reads as the same.</summary>
    private static string Written(Dataset data)
    {
        double[] row = new double[data.Sample.Size], target = new double[1];
        var text = new StringBuilder();
        for (int i = 0; i < data.Count; i++)
        {
            data.CopyInputs<double>(i, 1, row);
            if (data.Classes == 0)
            {
                data.CopyTargets<double>(i, 1, target);
            }

            var values = row.Append(data.Classes > 0 ? data.Labels[i] : target[0]);
            text.AppendJoin(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }
}
