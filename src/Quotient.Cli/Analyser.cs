using System.Numerics;
using Quotient.Operators;
using Quotient.Reports;
using Quotient.Results;
using Quotient.Spectra;
using Quotient.Training;

namespace Quotient.Cli;

/// <summary>Answers a request about one curvature matrix, and about each layer's block of it where asked for.</summary>
/// <param name="Operator">The matrix's name on the command line.</param>
/// <param name="Request">What is wanted of the whole matrix.</param>
/// <param name="PerLayer">Whether the blocks are wanted too.</param>
internal sealed record Analyser(string Operator, SpectrumRequest Request, bool PerLayer)
{
    /// <summary>Computes.</summary>
    public Analysis Run<T>(Invocation run, Problem<T> problem, ProgressDisplay progress, IReadOnlyList<EpochRecord> training)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var at = problem.At;
        problem.ShowPass(progress.Begin("gradient"));
        double gradientNorm = problem.Gradient().Norm;
        problem.ShowPass(null);
        var whole = Analyse(problem.Operator(Operator), Request with { Name = Operator }, progress, "", run.Stop);
        List<SpectrumResult> layers = [];
        foreach (var (layer, block) in PerLayer ? problem.Layers(Operator) : [])
        {
            layers.Add(Analyse(block, OfBlock(layer, block.Dimension), progress, $"layer {layer}, ", run.Stop));
        }

        return new()
        {
            Provenance = new(run.CommandText)
            {
                Products = layers.Aggregate(whole.Products, (sum, layer) => sum + layer.Products),
                Seconds = problem.Seconds,
                Device = problem.Device.Id,
                DeviceName = problem.Device.Name,
                Precision = run.Precision,
                Seed = run.Seed,
            },
            Network = problem.Network,
            Surrogate = problem.Surrogate,
            Parameters = at.Dimension,
            Data = problem.Data.Name,
            Samples = at.Samples,
            LossName = at.LossKind.Name,
            Loss = at.Loss,
            Error = at.Error,
            GradientNorm = gradientNorm,
            Spectrum = whole,
            Layers = layers,
            Training = training,
        };
    }

    /// <summary>The training that a model's file tells of.</summary>
    public static IReadOnlyList<EpochRecord> TrainingOf(Networks.Model model, string path)
    {
        try
        {
            return TrainingLog.Of(model)?.Epochs ?? [];
        }
        catch (QuotientException error)
        {
            throw new QuotientException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>
    /// Largest eigenvalues and trace of a block. The outputs of a ReLU net are linear in the parameters of one layer, so a block
    /// has no negative eigenvalues and a wide null space: its smallest ones would cost much and say nothing.
    /// </summary>
    private SpectrumRequest OfBlock(string layer, long dimension) => Request with
    {
        Name = layer,
        Top = (int)Math.Min(Request.Top, dimension),
        Bottom = 0,
        Density = null,
        LogDet = false,
    };

    private static SpectrumResult Analyse<T>(
        CurvatureOperator<T> matrix, SpectrumRequest request, ProgressDisplay display, string prefix, CancellationToken stop)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string name = "";
        var stage = display.Begin($"{prefix}eigenvalues");
        var progress = new Relay<SpectrumProgress>(at =>
        {
            if (at.Stage != name)
            {
                name = at.Stage;
                stage = display.Begin(prefix + name);
            }

            stage.Report(at.Fraction);
        });
        var result = SpectrumAnalysis.Run(matrix, request, progress, stop);
        if (result.Trace is { } trace)
        {
            Overflow.Check(trace.Value, $"{prefix}trace", Problem<T>.Precision);
        }

        return result;
    }
}
