using System.Globalization;
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
            string figures = at.Last is { } last
                ? $", loss {last.TrainLoss.ToString("G3", CultureInfo.InvariantCulture)}, error {Figure.Share(last.TrainError)}"
                : "";
            stage.Name = $"training, epoch {at.Epoch} of {at.Epochs}{figures}";
            stage.Report(at.Done);
        });
    }
}
