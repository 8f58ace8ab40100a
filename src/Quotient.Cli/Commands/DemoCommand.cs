using Quotient.Reports;
using Quotient.Spectra;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Cli.Commands;

/// <summary>Trains and analyses a small net, so that a newcomer sees everything work.</summary>
internal sealed class DemoCommand() : EngineCommand(
    10, "demo", "Train a small net on built-in data, analyse it and write a report, within a minute.", "quotient demo")
{
    private const string Words = "strokes:train", Test = "strokes:test", Architecture = "256-64-32-10";
    private const string Net = "net.safetensors", Json = "report.json", Html = "report.html";
    private const int Epochs = 30;

    private readonly Option<string?> _folder = OptionOf.Text(
        "--out", "FOLDER", "Where report.html, report.json and net.safetensors go.", "quotient-demo");

    protected override IReadOnlyList<Option> Own => [_folder];

    protected override Report Run(Invocation run)
    {
        string folder = run.Get(_folder)!;
        run.Outputs.ClaimFolder(_folder.Name, folder, Net, Json, Html);
        run.Say($"A {Architecture} ReLU network learns to read small drawn glyphs; then its Hessian is analysed.\n");
        var (data, test) = (run.OpenData(Words), run.OpenData(Test));
        var start = Model.Initialise(Network.Parse(Architecture), Initialisation.He, run.Seed, run.Precision);
        var training = new TrainingOptions
        {
            Epochs = Epochs,
            Optimiser = new Sgd(0.1, WeightDecay: 5e-4),
            Schedule = Schedule.Parse($"{Epochs * 2 / 3}:0.1"),
            Seed = run.Seed,
        };
        var trained = run.Engine.Train(start, data, test, training, run.Precision, TrainCommand.Progress(run), run.Stop);
        run.StartClock();
        using var problem = run.Engine.Pose(
            trained.Model, data, precision: run.PrecisionName, progress: run.Begin("linearising"), cancellationToken: run.Stop);
        var request = new SpectrumRequest
        {
            Top = 5,
            Bottom = 3,
            Trace = new(),
            Density = DensityConvention.PyHessian,
            Quadrature = new() { Steps = 100, Probes = 2 },
            Seed = run.Seed,
        };
        var report = SpectrumCommand.Analyse(run, problem, "hessian", request, true, trained.Epochs);
        Directory.CreateDirectory(folder);
        run.Files.AddRange(
        [
            (Path.Combine(folder, Net), (_, path) => trained.Model.Save(path)),
            (Path.Combine(folder, Json), JsonWriter.Write), (Path.Combine(folder, Html), HtmlWriter.Write),
        ]);
        run.Closing =
            $"""

            Open {Path.Combine(folder, Html)} in a browser. To go on with this network:
              quotient spectrum --model {Path.Combine(folder, Net)} --data {Words} --top 10 --density --html spectrum.html
            """;
        return report;
    }
}
