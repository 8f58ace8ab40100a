using System.Globalization;
using Quotient.Results;
using Quotient.Training;

namespace Quotient.Cli;

/// <summary>Shows how training goes.</summary>
internal static class TrainingStage
{
    /// <summary>Begins a stage that counts steps and tells the epoch and the last figures.</summary>
    public static IProgress<TrainingProgress> Begin(ProgressDisplay display)
    {
        var stage = display.Begin("training");
        return new Relay<TrainingProgress>(at =>
        {
            string most = at.Stage is null ? "" : "at most ";
            stage.Name = $"{at.Stage ?? "training"}, epoch {at.Epoch} of {most}{at.Epochs}{Figures(at.Last)}";
            stage.Report(at.Done);
        });
    }

    private static string Figures(EpochRecord? last)
    {
        if (last is null)
        {
            return "";
        }

        string test = last.TestError is { } error ? $", test error {Figure.Share(error)}" : "";
        return $", loss {last.TrainLoss.ToString("G3", CultureInfo.InvariantCulture)}, error {Figure.Share(last.TrainError)}{test}";
    }
}
