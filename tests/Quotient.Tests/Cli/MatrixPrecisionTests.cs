using NUnit.Framework;
using Quotient.Backends;

namespace Quotient.Tests.Cli;

public class MatrixPrecisionTests
{
    private const string Train = "train --arch 2-4-3 --data spirals[0:30] --epochs 1 --threads 1 --out {}/net --quiet ";

    [Test]
    public void Devices_without_tensor_cores_take_what_they_compute([Values("cpu", "reference")] string device, [Values("auto", "fp32")] string precision)
    {
        using var folder = new ScratchFolder();
        var outcome = CommandLine.Run(Train + $"--device {device} --matrix-precision {precision}", folder.Path);
        Assert.That(outcome.Code, Is.Zero, outcome.Error);
    }

    [Test]
    public void Devices_without_tensor_cores_refuse_what_they_do_not([Values("cpu", "reference")] string device, [Values("tf32", "tf32x3")] string precision)
    {
        using var folder = new ScratchFolder();
        CommandLine.Run(Train + $"--device {device} --matrix-precision {precision}", folder.Path)
            .IsOneClearSentence($"'{device}'", precision, "fp32");
        Assert.That(folder.Files, Is.Empty);
        CommandLine.Run($"bench --quick --device {device} --matrix-precision {precision}").IsOneClearSentence(precision);
    }

    [Test]
    public void A_word_that_is_none_is_one_clear_sentence() =>
        CommandLine.Run("devices --matrix-precision bf16").IsOneClearSentence("--matrix-precision", "'bf16'", "auto, fp32, tf32x3 or tf32");

    [Test]
    public void Names_are_read_as_they_are_written()
    {
        foreach (var precision in Enum.GetValues<MatrixPrecision>())
        {
            Assert.That(MatrixPrecisions.Parse(precision.Name()), Is.EqualTo(precision));
        }

        Assert.That(Assert.Throws<QuotientException>(() => MatrixPrecisions.Parse("half"))!.Message, Does.Contain("'half'"));
    }

    [Test]
    public void OpenCl_refuses_tensor_cores()
    {
        if (!Engine.Providers.Any(provider => provider.Kind == "opencl" && provider.Devices().Count > 0))
        {
            Assert.Ignore("this machine has no OpenCL");
        }

        var error = Assert.Throws<QuotientException>(() => Engine.Open("opencl", 0, MatrixPrecision.SplitTensor));
        Assert.That(error!.Message, Does.Contain("tf32x3"));
    }
}
