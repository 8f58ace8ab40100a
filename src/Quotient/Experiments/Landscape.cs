using Quotient.Symmetry;

namespace Quotient.Experiments;

/// <summary>
/// The error landscape around and between trained nets of one architecture: how flat each minimum is, how far they are apart, and how high
/// the error rises between them, with and without the symmetries of the parametrisation.
/// </summary>
/// <remarks>
/// Flatness is the local energy on the training data, under multiplicative noise of real nets and random flips of binary ones. Source:
/// Pittorino, Ferraro, Perugini, Feinauer, Baldassi, Zecchina (2022).
/// </remarks>
public static class Landscape
{
    private static readonly (Removal Removal, Alignment Alignment, Geometry Geometry)[] Conditions =
    [
        (Removal.None, Alignment.None, Geometry.Linear),
        (Removal.Permutations, Alignment.Match, Geometry.Linear),
        (Removal.All, Alignment.Both, Geometry.Geodesic),
    ];

    /// <summary>Measures nets and what lies between them.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="nets">The nets, two or more.</param>
    /// <param name="train">The training data, with classes.</param>
    /// <param name="test">The test data.</param>
    /// <param name="options">What is measured.</param>
    /// <param name="precision">The arithmetic's precision.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">Nets and data do not fit together, there are no classes, or an option makes no sense.</exception>
    public static LandscapeResult Of(
        Engine engine, IReadOnlyList<NamedModel> nets, Dataset train, Dataset test, LandscapeOptions? options = null,
        Precision precision = Precision.Single, IProgress<LandscapeProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        QuotientException.ThrowIf(nets.Count < 2, $"there is {Sentence.Count(nets.Count, "net")}; a landscape takes two or more");
        var network = nets[0].Model.Network;
        foreach (var net in nets.Where(net => !NetFolder.IsSame(network, net.Model.Network)))
        {
            throw new QuotientException(
                $"the net {Text.Quote(net.Name)} is {net.Model.Network}, but {Text.Quote(nets[0].Name)} is {network}; a landscape is of nets of one architecture");
        }

        foreach (var data in new[] { train, test }.Where(data => data.Classes == 0))
        {
            throw new QuotientException($"{data.Name} has real targets, but a landscape of errors needs classes");
        }

        bool isBinary = network.Tensors.Any(tensor => tensor.IsBinary);
        options.Check(isBinary);
        var survey = new Survey(engine, nets, train, test, options, precision, isBinary, progress, cancellationToken);
        return survey.Run();
    }

    /// <summary>One landscape on its way.</summary>
    private sealed class Survey(
        Engine engine, IReadOnlyList<NamedModel> nets, Dataset train, Dataset test, LandscapeOptions options, Precision precision, bool isBinary,
        IProgress<LandscapeProgress>? progress, CancellationToken cancellationToken)
    {
        private readonly (int First, int Second)[] _pairs =
        [
            .. from first in Enumerable.Range(0, nets.Count)
               from second in Enumerable.Range(first + 1, nets.Count - first - 1)
               where options.Pairs == PairSelection.All || nets[first].Group == nets[second].Group
               // The group that comes first begins every path between two groups, so that means of curves make sense.
               select GroupOf(nets, first) <= GroupOf(nets, second) ? (first, second) : (second, first),
        ];

        private double _done;

        /// <summary>The work that a net takes, in passes over the training data.</summary>
        private double NetWork => 2 + (options.LevelsOf(isBinary).Count * (double)options.Draws);

        /// <summary>The same of one path.</summary>
        private double PathWork => options.Points * (isBinary ? options.Orders : 1) * (1 + ((double)test.Count / train.Count));

        private double AllWork => (nets.Count * NetWork) + (_pairs.Length * Conditions.Length * PathWork);

        public LandscapeResult Run()
        {
            LandscapeNet[] measured = [.. nets.Select(Measure)];
            LandscapePair[] pairs = [.. _pairs.Select(pair => Join(pair.First, pair.Second))];
            var network = nets[0].Model.Network;
            var found = new LandscapeResult(
                network.ToString(), network.ParameterCount, isBinary, new(train.Name, train.Count), new(test.Name, test.Count), options.Loss.Name,
                options.FlatnessLevelOf(isBinary), measured, pairs, null);
            double[] flatness = [.. measured.Select(net => found.Flatness(net).Error)], errors = [.. measured.Select(net => net.TestError)];
            return found with { Correlation = RankCorrelation.WithInterval(flatness, errors, options.Seed) };
        }

        /// <summary>The place of a net's group among the groups.</summary>
        private static int GroupOf(IReadOnlyList<NamedModel> nets, int net) =>
            nets.Select(one => one.Group).Distinct().ToList().IndexOf(nets[net].Group);

        private LandscapeNet Measure(NamedModel net)
        {
            var energyOptions = new LocalEnergyOptions
            {
                Noise = isBinary ? Noise.Flips : Noise.Multiplicative,
                Levels = options.LevelsOf(isBinary),
                Draws = options.Draws,
                Seed = options.Seed,
                Loss = options.Loss,
            };
            var share = Begin($"local energy of {net.Name}", NetWork);
            var energy = precision == Precision.Double
                ? LocalEnergy.Of<double>(engine, net.Model, train, energyOptions, share, cancellationToken)
                : LocalEnergy.Of<float>(engine, net.Model, train, energyOptions, share, cancellationToken);
            var tested = engine.Evaluate(net.Model, test, options.Loss, precision, null, cancellationToken);
            _done += NetWork;
            return new(
                net.Name, net.Group, energy.Base.Error!.Value, tested.Error!.Value, energy.Base.Loss, tested.Loss,
                [.. energy.Points.Select(EnergyOf)]);
        }

        private LandscapePair Join(int first, int second)
        {
            double function = 0;
            Transformation? matched = null;
            var paths = new Dictionary<Removal, LandscapePath>();
            foreach (var (removal, alignment, geometry) in Conditions)
            {
                var share = Begin($"paths from {nets[first].Name} to {nets[second].Name}", PathWork);
                var found = Paths.Between(
                    engine, nets[first].Model, nets[second].Model, train, test, OptionsOf(alignment, geometry, matched), precision, share, cancellationToken);
                matched ??= found.Transformation;
                function = found.FunctionDistance!.Value;
                paths[removal] = new(found.Distance.Value, found.Distance.Relative, [.. found.Points.Select(PointOf)]);
                _done += PathWork;
            }

            return new(first, second, function, paths[Removal.None], paths[Removal.Permutations], paths[Removal.All]);
        }

        private PathOptions OptionsOf(Alignment alignment, Geometry geometry, Transformation? matched) => new()
        {
            Transformation = matched,
            Points = options.Points,
            Alignment = alignment,
            Geometry = geometry,
            Matching = new() { Method = options.Method, Seed = options.Seed, Data = options.Method == MatchingMethod.Activations ? train : null },
            Loss = options.Loss,
            Orders = options.Orders,
            Seed = options.Seed,
        };

        private Relay<double> Begin(string stage, double work)
        {
            double before = _done;
            return new(share => progress?.Report(new(stage, (before + (share * work)) / AllWork)));
        }

        private static EnergyAt EnergyOf(EnergyPoint point) => new(
            point.Level, point.Error!.Value.Mean, Known(point.Error.Value.StandardError), point.Loss.Mean, Known(point.Loss.StandardError));

        private static LandscapePoint PointOf(PathPoint point) =>
            new(point.T, point.Error!.Value.Mean, point.TestError!.Value.Mean, point.Loss.Mean, point.TestLoss!.Value.Mean);

        private static double? Known(double deviation) => double.IsNaN(deviation) ? null : deviation;
    }
}
