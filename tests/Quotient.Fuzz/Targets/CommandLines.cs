using System.Text;
using System.Text.RegularExpressions;
using Quotient.Cli;
using Quotient.Data;

namespace Quotient.Fuzz.Targets;

/// <summary>Command lines: words dropped, repeated, exchanged and damaged. Most are run in this process, some in one of their own.</summary>
internal sealed partial class CommandLines : Target
{
    private const char Separator = '\n';

    /// <summary>One line in so many is run in a process of its own too.</summary>
    private const int Rarity = 60;

    /// <summary>Of a word: a refusal repeats it.</summary>
    private const int MostLetters = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly string[] Lines =
    [
        "train --arch 2-4-3 --data spirals[0:30] --epochs 2 --out {}/new.safetensors --seed 3 --quiet",
        "train --arch binary:2-9-3 --optimiser binarynet --data spirals[0:30] --test spirals:test[0:9] --epochs 1 --out {}/b2 --weights packed",
        "train --arch 2-3-3 --no-bias --data {}/d.csv --epochs 1 --optimiser adam --learning-rate 0.01 --batch 4 --checkpoint {}/c --out {}/o",
        "evaluate --model {}/net.safetensors --data spirals:test[0:30] --json {}/r.json",
        "evaluate --model {}/binary.safetensors --data {}/d.csv --loss ce,smoothing=0.1 --precision double --csv {}/r.csv",
        "evaluate --model {}/net.safetensors --data {}/d.npz --loss mse --threads 1",
        "gradient --model {}/net.safetensors --data spirals[0:20] --out {}/g.npy --reduction sum",
        "product --operator gauss-newton --model {}/net.safetensors --data {}/d.csv --vector {}/v.npy --out {}/p.npy",
        "spectrum --model {}/net.safetensors --data spirals[0:20] --top 2 --bottom 1 --trace --html {}/r.html",
        "spectrum --model {}/net.safetensors --data spirals[0:20] --density --log-det --probes 2 --steps 5 --operator fisher",
        "spectrum --model {}/binary.safetensors --data spirals[0:20] --surrogate hard-tanh-shadow --top 1 --layers",
        "flips --model {}/binary.safetensors --data spirals[0:20] --probabilities 0.01,0.3 --draws 3",
        "evaluate --model {}/net.safetensors --data teacher,inputs=2,classes=3[0:9]",
        "normalise --model {}/net.safetensors --out {}/n.safetensors --last-norm sqrt-classes --bias-in-norm --centre",
        "match --model {}/net.safetensors --to {}/other.safetensors --out {}/m.safetensors --method activations --data spirals[0:20]",
        "match --model {}/binary.safetensors --to {}/binary.safetensors --out {}/m.safetensors --method weights --starts 2",
        "path --model {}/net.safetensors --to {}/other.safetensors --data spirals[0:20] --test spirals:test[0:9] --points 3 --all --json {}/r.json",
        "path --model {}/net.safetensors --to {}/other.safetensors --data spirals[0:20] --points 3 --align match --geometry linear --bend --bend-epochs 1",
        "path --model {}/binary.safetensors --to {}/binary.safetensors --data spirals[0:20] --points 4 --orders 2 --html {}/r.html",
        "local-energy --model {}/net.safetensors --data spirals[0:20] --noise additive --levels 0.1,0.5 --draws 2",
        "local-energy --model {}/binary.safetensors --data spirals[0:20] --noise flips --levels 0.1 --draws 1 --csv {}/r.csv",
        "landscape {} --data spirals[0:20] --test spirals:test[0:9] --points 3 --draws 2 --levels 0.1,0.2",
    ];

    private static readonly string[] Words =
    [
        "", " ", "-", "--", "0", "1", "-1", "3", "1000000000000", "99999999999999999999", "1e999", "nan", "-0.5", "0.5", "inf", "{}", "{}/missing",
        "{}/net.safetensors", "{}/v.npy", "{}/d.csv", "{}/d.npz", "{}/d.npz:train", "{}/missing/folder/x", "é", "\e[31m", "\u202e", "a\nb", "\0",
        "spirals", "line", "strokes[0:2]", "spirals,turns=0", "spirals,noise=-1", "teacher,inputs=3", "spirals[5:2]", "spirals[0:", "spirals:none",
        "ce", "mse", "ce,smoothing=2", "single", "double", "hessian", "fisher", "2-3", "2--3", "binary:", "2-0-3", "relu", "--help", "--version",
        "--quiet", "--top", "--model", "--data", "--out", "--json", "--html", "--csv", "--seed", "--threads", "--precision", "--loss", "--device",
        "cpu", "auto", "cuda:9", "evaluate", "train", "spectrum", "flips", "gradient", "product", "normalise", "match", "path", "local-energy", "landscape", "experiment",
        "toroids", "--to", "--align", "--points", "--orders", "--levels", "--draws", "--noise", "--method", "--last-norm", "--bend", "--epochs", "--batch", "--momentum", "--resume",
        "--checkpoint", "--vector", "--operator", "--probes", "--tolerance", "--steps", "--matrix-precision", "tf32", "--data-dir", "@x", "[suggest]",
    ];

    private readonly string _before = Environment.CurrentDirectory;
    private readonly Scratch _inputs = new(onDisk: true);

    public CommandLines() : base("commands", onDisk: true)
    {
        Model.Initialise(Network.Parse("2-4-3"), Initialisation.He, 3).Save(_inputs.At("net.safetensors"));
        Model.Initialise(Network.Parse("2-4-3"), Initialisation.He, 4).Save(_inputs.At("other.safetensors"));
        Model.Initialise(Network.Parse("binary:2-9-3"), Initialisation.He, 3).Save(_inputs.At("binary.safetensors"));
        Npy.WriteVector(_inputs.At("v.npy"), Enumerable.Range(0, 27).Select(i => i / 10.0).ToArray(), Precision.Single);
        _inputs.Write("d.csv", "1,2,0\n2,3,1\n0,1,2\n"u8.ToArray());
    }

    public override byte[] Make(Dice dice)
    {
        var words = dice.Pick(Lines).Split(' ').ToList();
        for (int damages = dice.Below(4); damages > 0; damages--)
        {
            Damage(words, dice);
        }

        return Encoding.UTF8.GetBytes(string.Join(Separator, words));
    }

    public override bool Run(byte[] input, Dice dice)
    {
        // A line may make files wherever it likes, below this folder.
        Folder.Clear();
        foreach (string file in Directory.GetFiles(_inputs.Path))
        {
            File.Copy(file, Folder.At(Path.GetFileName(file)));
        }

        string line = Encoding.UTF8.GetString(input).Replace("{}", Folder.Path, StringComparison.Ordinal);
        string[] words = line.Split(Separator);
        Directory.SetCurrentDirectory(Folder.Path);
        int code = Check(InProcess(words));
        if (dice.OneIn(Rarity) && code != 130 && !words.Any(word => word.Contains('\0', StringComparison.Ordinal)))
        {
            int other = Check(ChildProcess.Run(Folder.Path, words));
            WrongException.Unless(other == code || code == 0, $"the exit code is {code} here and {other} in a process of its own");
        }

        return code == 0;
    }

    public override long MostBytes(int length) => 1L << 30;

    protected override void Dispose(bool disposing)
    {
        Directory.SetCurrentDirectory(_before);
        _inputs.Dispose();
        base.Dispose(disposing);
    }

    private static void Damage(List<string> words, Dice dice)
    {
        int at = dice.Below(words.Count);
        switch (dice.Below(6))
        {
            case 0:
                words[at] = dice.Pick(Words);
                break;
            case 1:
                words.Insert(at, dice.Pick(Words));
                break;
            case 2 when words.Count > 1:
                words.RemoveAt(at);
                break;
            case 3:
                int other = dice.Below(words.Count);
                (words[at], words[other]) = (words[other], words[at]);
                break;
            case 4:
                words[at] = Mutations.TextMutations.Damage(words[at], dice);
                words[at] = words[at].Length > MostLetters ? words[at][..MostLetters] : words[at];
                break;
            default:
                words.InsertRange(at, dice.Pick(Lines).Split(' ').Skip(1).Take(2));
                break;
        }
    }

    private static (int Code, string Output, string Error) InProcess(string[] words)
    {
        using var stop = new CancellationTokenSource(Patience);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = QuotientCommand.Run(words, new Terminal(output, error, false, stop.Token));
        return (code, output.ToString(), error.ToString());
    }

    private static int Check((int Code, string Output, string Error) run)
    {
        var (code, output, error) = run;
        WrongException.Unless(code is 0 or 2 or 130, $"the exit code is {code}: {error}");
        if (code == 2)
        {
            // What precedes the sentence tells of progress.
            string sentence = error.TrimEnd('\r', '\n').Split('\n')[^1];
            WrongException.Unless(
                sentence.StartsWith("quotient: ", StringComparison.Ordinal) && error.EndsWith('\n'), $"this is no refusal: {error}");
            WrongException.Unless(Verdict.Of(sentence, "") is null, $"{Verdict.Of(sentence, "")}: {sentence}");
            WrongException.Unless(output.Length == 0, $"a refused command has results: {output}");
        }
        else if (code == 0)
        {
            WrongException.Unless(!NotFinite().IsMatch(output), $"a result is not finite: {output}");
            WrongException.Unless(!error.Contains("quotient: ", StringComparison.Ordinal), $"a command that did its work complains: {error}");
        }

        return code;
    }

    [GeneratedRegex(@"\b(NaN|-?Infinity|-?inf)\b|∞")]
    private static partial Regex NotFinite();
}
