using NUnit.Framework;

namespace Quotient.Tests.Cli;

/// <summary>Mistakes that are found before any file is read.</summary>
public class BadArgumentTests
{
    private const string Spectrum = "spectrum --model {}/m.safetensors --data strokes --json {}/out.json ";
    private const string Train = "train --arch 64-10 --data strokes --out {}/out.safetensors ";
    private const string Product = "product --model {}/m.safetensors --data strokes --vector {}/v.npy --out {}/out.npy ";

    private static readonly string[][] Cases =
    [
        ["bogus", "'bogus'", "spectrum"],
        ["devices extra", "'extra'"],
        ["spectrum", "--model", "--data"],
        ["gradient --model {}/m.safetensors --data strokes", "--out FILE"],
        [Spectrum + "--top 0", "--top", "'0'", "1 or more"],
        [Spectrum + "--top -1", "--top", "'-1'", "1 or more"],
        [Spectrum + "--top abc", "--top", "'abc'", "whole number"],
        [Spectrum + "--top 99999999999999999999", "--top", "whole number"],
        [Spectrum + "--top 2.5", "--top", "'2.5'"],
        [Spectrum + "--top", "--top", "needs a value"],
        [Spectrum + "--top 3 --top 4", "--top", "2 times"],
        [Spectrum + "--bottom 0", "--bottom", "'0'"],
        [Spectrum + "--tolerance 0", "--tolerance", "'0'", "above 0"],
        [Spectrum + "--tolerance -1e-4", "--tolerance", "'-1e-4'", "above 0"],
        [Spectrum + "--tolerance 1", "--tolerance", "below 1"],
        [Spectrum + "--tolerance nan", "--tolerance", "'nan'"],
        [Spectrum + "--density --density-steps 1", "--density-steps", "from 2 to 10000"],
        [Spectrum + "--density --density-steps 10001", "--density-steps", "'10001'", "from 2 to 10000"],
        [Spectrum + "--density --density-probes 0", "--density-probes", "from 1 to 10000"],
        [Spectrum + "--log-det --density-probes 1000000", "--density-probes", "'1000000'", "from 1 to 10000"],
        [Spectrum + "--density --density-convention thin", "--density-convention", "pyhessian or papyan"],
        [Spectrum + "--max-products 0", "--max-products", "1 or more"],
        [Spectrum + "--operator fischer", "--operator", "'fischer'", "empirical-fisher"],
        [Spectrum + "--loss l1", "--loss", "'l1'", "ce or mse"],
        [Spectrum + "--precision half", "--precision", "single or double"],
        [Spectrum + "--seed -1", "--seed", "'-1'"],
        [Spectrum + "--threads -1", "--threads", "'-1'"],
        [Spectrum + "--threads many", "--threads", "'many'"],
        [Product + "--operator hessienne", "--operator", "hessian"],
        [Product + "--reduction median", "--reduction", "mean or sum"],
        [Train + "--epochs -1", "--epochs", "'-1'", "0 or more"],
        [Train + "--batch 0", "--batch", "1 or more"],
        [Train + "--learning-rate 0", "--learning-rate", "above 0"],
        [Train + "--learning-rate inf", "--learning-rate", "above 0"],
        [Train + "--momentum 1", "--momentum", "below 1"],
        [Train + "--weight-decay -0.1", "--weight-decay", "0 or more"],
        [Train + "--optimiser lbfgs", "--optimiser", "sam or sgd"],
        [Train + "--init zeros", "--init", "he, glorot or pytorch"],
        [Train + "--lr 0.1", "'--lr'", "train --help"],
    ];

    [TestCaseSource(nameof(Cases))]
    public void An_impossible_argument_is_one_clear_sentence(string line, params string[] words)
    {
        using var folder = new ScratchFolder();
        CommandLine.Run(line, folder.Path).IsOneClearSentence(words);
        Assert.That(folder.Files, Is.Empty);
    }
}
