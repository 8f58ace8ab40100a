using System.CommandLine;
using System.Numerics;
using Quotient.Data;
using Quotient.Networks;
using Quotient.Reports;
using Quotient.Spectra;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Cli.Commands;

/// <summary>Trains and analyses a small net, so that a newcomer sees everything work.</summary>
internal sealed class DemoCommand : EngineCommand
{
    private const string Words = "strokes:train", Test = "strokes:test", Architecture = "256-64-32-10";
    private const string Net = "net.safetensors", Json = "report.json", Html = "report.html";
    private const int Epochs = 30;

    private readonly Option<string?> _folder = OptionOf.Text(
        "--out", "FOLDER", "Where report.html, report.json and net.safetensors go.", "quotient-demo");

    public DemoCommand(CommonOptions common, Terminal terminal) : base(
        "demo", "Train a small net on built-in data, analyse it and write a report, within a minute.", "quotient demo",
        common, terminal) =>
        Add(_folder);

    protected override void Run(Invocation run)
    {
        string folder = run.Get(_folder)!;
        OutputPaths.CheckNewFolder(_folder.Name, folder, Net, Json, Html);
        run.Say($"A {Architecture} ReLU network learns to read small drawn glyphs; then its Hessian is analysed.\n");
        var (model, analysis) = run.Precision == Precision.Double ? Compute<double>(run) : Compute<float>(run);
        Directory.CreateDirectory(folder);
        model.Save(Path.Combine(folder, Net));
        JsonWriter.Write(SpectrumReport.Of(analysis), Path.Combine(folder, Json));
        HtmlWriter.Write(SpectrumReport.Of(analysis), Path.Combine(folder, Html));
        run.Deliver(analysis);
        run.Say(
            $"""

            Open {Path.Combine(folder, Html)} in a browser. To go on with this network:
              quotient spectrum --model {Path.Combine(folder, Net)} --data {Words} --top 10 --density --html spectrum.html
            """);
    }

    private static (Model Model, Analysis Analysis) Compute<T>(Invocation run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var progress = run.ShowProgress();
        var (data, test) = (run.OpenData(Words, progress), run.OpenData(Test, progress));
        var start = Model.Initialise(Network.Parse(Architecture), Initialisation.He, run.Seed, run.Precision);
        var trained = Train<T>(run, start, data, test, progress);
        using var problem = new Problem<T>(run, trained.Model, data, Loss.CrossEntropy, Reduction.Mean, Surrogate.None, progress);
        var request = new SpectrumRequest
        {
            Top = 5,
            Bottom = 3,
            Trace = new(),
            Density = DensityConvention.PyHessian,
            Quadrature = new() { Steps = 100, Probes = 2 },
            Seed = run.Seed,
        };
        var analysis = new Analyser("hessian", request, true).Run(run, problem, progress, trained.Epochs);
        return (trained.Model, analysis);
    }

    private static TrainingResult Train<T>(Invocation run, Model start, Dataset data, Dataset test, ProgressDisplay progress)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var engine = run.OpenEngine();
        return Trainer.Run<T>(engine, start, data, test, new()
        {
            Epochs = Epochs,
            Optimiser = new Sgd(0.1, WeightDecay: 5e-4),
            Schedule = Schedule.Parse($"{Epochs * 2 / 3}:0.1"),
            Seed = run.Seed,
        }, TrainingStage.Begin(progress), run.Stop);
    }
}
