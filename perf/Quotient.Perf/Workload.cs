using Quotient.Diagnostics;
using Quotient.Training;

namespace Quotient.Perf;

/// <summary>A net and data that we and the peers are timed on, the net handed to them as a file.</summary>
internal sealed class Workload : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"quotient-perf-{Guid.NewGuid():N}.safetensors");

    public Workload(string widths, int samples, int epochs = 0)
    {
        Widths = widths;
        Model = Model.Initialise(Network.Parse(widths), Initialisation.PyTorch, 1, Precision.Single);
        Data = Widths.StartsWith("784-", StringComparison.Ordinal)
            ? Dataset.Open($"mnist:train[0:{samples}]")
            : DrawnData.For(Model.Network, samples, new Random(1), "random");
        if (epochs > 0)
        {
            using var engine = Engine.Open();
            Model = Trainer.Run(engine, Model, Data, null, new() { Epochs = epochs, EvaluateEvery = epochs }).Model;
        }

        Model.Save(_file);
    }

    public string Widths { get; }

    public Model Model { get; }

    public Dataset Data { get; }

    /// <summary>What a peer needs to load the same problem.</summary>
    public string[] PeerArguments => [
        "--widths", Widths, "--samples", $"{Data.Count}", "--model", _file,
        "--data", Data.Name.StartsWith("mnist", StringComparison.Ordinal) ? "mnist" : "random"];

    public void Dispose() => File.Delete(_file);
}
