using System.Globalization;
using Quotient.Data;
using Quotient.Symmetry;

namespace Quotient.Perf;

/// <summary>
/// <c>matching [--widths W --samples N --epochs E --starts S --rounds R --threads T]</c>: two networks that are trained from different starts are
/// matched, in turns with Git Re-Basin's algorithm in NumPy on the same standard forms and with as many starts.
/// </summary>
internal static class MatchingCommand
{
    public static void Run(Arguments arguments)
    {
        string widths = arguments.Text("widths", "784-512-512-10");
        int rounds = arguments.Number("rounds", 3), starts = arguments.Number("starts", 1);
        using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
        var data = Dataset.Open($"mnist:train[0:{arguments.Number("samples", 20_000)}]");
        var (a, b) = (Train(engine, widths, data, arguments, 1), Train(engine, widths, data, arguments, 2));
        using var files = new StandardForms(a, b);
        var best = new SortedDictionary<MatchingMethod, (double Seconds, double Similarity)>();
        double theirs = double.PositiveInfinity, similarity = double.NaN;
        for (int round = 0; round < rounds; round++)
        {
            foreach (var method in Enum.GetValues<MatchingMethod>())
            {
                var options = new MatchingOptions { Method = method, Data = data.Slice(0, Math.Min(data.Count, 10_000), data.Name), Starts = starts - 1 };
                double found = 0;
                double seconds = Timed.Once(() => found = Matcher.Match(engine, a, b, options).Similarity);
                best[method] = (Math.Min(seconds, best.GetValueOrDefault(method, (double.PositiveInfinity, 0)).Seconds), found);
            }

            if (Peer.Run("matching.py", ["--widths", widths, "--repeats", "1", "--starts", $"{starts}", .. files.Arguments]) is { } figures)
            {
                theirs = Math.Min(theirs, figures.Seconds("weights"));
                similarity = figures.GetProperty("similarity").GetDouble();
            }
        }

        Console.WriteLine($"{widths}, {starts} {(starts == 1 ? "start" : "starts")}, {engine.Backend.Device.Features}");
        foreach (var (method, (seconds, found)) in best)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {method,-11} {seconds,7:F3} s, similarity {found:F4}"));
        }

        double ratio = theirs / best[MatchingMethod.Weights].Seconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Git Re-Basin's algorithm in NumPy {theirs:F3} s, similarity {similarity:F4}; ours {ratio:F1}x as fast"));
    }

    private static Model Train(Engine engine, string widths, Dataset data, Arguments arguments, ulong seed)
    {
        int epochs = arguments.Number("epochs", 2);
        var start = Model.Initialise(Network.Parse(widths), Initialisation.PyTorch, seed);
        return engine.Train(start, data, null, new() { Epochs = epochs, EvaluateEvery = epochs, Seed = seed }).Model;
    }

    /// <summary>The standard forms' parameters as files for the peer.</summary>
    private sealed class StandardForms : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("quotient-perf-").FullName;

        public StandardForms(params IReadOnlyList<Model> models)
        {
            foreach (var (index, model) in models.Index())
            {
                Npy.WriteVector(FileOf(index), StandardForm.Of(model).Model.Parameters, Precision.Double);
            }
        }

        public string[] Arguments => ["--first", FileOf(0), "--other", FileOf(1)];

        public void Dispose() => Directory.Delete(_folder, true);

        private string FileOf(int index) => Path.Combine(_folder, $"{index}.npy");
    }
}
