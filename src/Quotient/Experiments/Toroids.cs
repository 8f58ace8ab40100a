using System.Security.Cryptography;
using Quotient.Data;
using Quotient.Symmetry;
using Quotient.Training;

namespace Quotient.Experiments;

/// <summary>
/// Removing symmetries of parametrisations: minima of different flatness, from replicated, plain and adversarially started gradient descent,
/// are trained and compared in parameter and function space, with and without their symmetries.
/// </summary>
/// <remarks>
/// Nets are kept as <c>DATASET/KIND/GROUP-SEED.safetensors</c>, their training logs in them; one that is being trained beside its checkpoint,
/// <c>GROUP-SEED.state</c>; landscapes and bends as JSON beside the nets, computed anew where nets or options changed. Source: Pittorino,
/// Ferraro, Perugini, Feinauer, Baldassi, Zecchina (2022).
/// </remarks>
internal sealed class Toroids() : Experiment(
    "toroids", "Flat and sharp minima of ReLU and binary nets, their distances and barriers with and without symmetries (Pittorino et al., 2022).")
{
    private const int SeedsOfGroup = 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Sizes => [ToroidsPlan.Small, ToroidsPlan.Large];

    /// <inheritdoc/>
    public override IReadOnlyList<string> DataSets => ["mnist", "fashion-mnist"];

    [ModuleInitializer]
    internal static void Register() => All.Register(new Toroids());

    /// <summary>Trains, measures and judges; what the folder has already is not done again.</summary>
    internal static ExperimentResult Run(ExperimentRun run, ToroidsPlan plan, DataOptions data, ulong seed)
    {
        List<StudyWork> studies = [.. plan.Studies.Select(study => new StudyWork(run, plan, study, data, seed))];
        run.Work = studies.Sum(study => study.Work);
        List<StudyResult> results = [.. studies.Select(study => study.Run())];
        return new("toroids", ToroidsStatements.Judge(results, seed), results);
    }

    private protected override ExperimentResult Run(ExperimentRun run, ExperimentOptions options) =>
        Run(run, ToroidsPlan.Of(options), options.Data, options.Seed);

    /// <summary>One study on its way.</summary>
    private sealed class StudyWork
    {
        private readonly ExperimentRun _run;
        private readonly ToroidsPlan _plan;
        private readonly ToroidsStudy _study;
        private readonly Dataset _train, _test;
        private readonly Network _network;
        private readonly string _folder;
        private readonly ulong _seed;

        public StudyWork(ExperimentRun run, ToroidsPlan plan, ToroidsStudy study, DataOptions data, ulong seed)
        {
            (_run, _plan, _study, _seed, _network) = (run, plan, study, seed, Network.Parse(study.Architecture));
            (_train, _test) = (Open(study.Train), Open(study.Test));
            _folder = Path.Combine(run.Folder, study.DataSet, study.Kind);

            Dataset Open(string words) => Dataset.Open(words, data, null, run.CancellationToken);
        }

        /// <summary>An estimate, in multiplications of single samples.</summary>
        public double Work => (_plan.Seeds * _study.Samplers.Sum(WorkOf)) + LandscapeWork + BendWork;

        private bool IsBinary => _network.Tensors.Any(tensor => tensor.IsBinary);

        private double PassWork => (double)_train.Count * _network.ParameterCount;

        private double TestShare => 1 + ((double)_test.Count / _train.Count);

        private double LandscapeWork
        {
            get
            {
                double nets = (double)_study.Samplers.Count * _plan.Seeds, orders = IsBinary ? _plan.Landscape.Orders : 1;
                double energies = nets * _plan.Landscape.Draws * _plan.Landscape.LevelsOf(IsBinary).Count;
                return PassWork * (energies + (nets * (nets - 1) / 2 * 3 * _plan.Landscape.Points * orders * TestShare));
            }
        }

        private double BendWork => PassWork * _study.Samplers.Count * _plan.Bends * ((3.0 * _plan.BendEpochs) + (2 * _plan.Landscape.Points * TestShare));

        public StudyResult Run()
        {
            Directory.CreateDirectory(_folder);
            List<NamedModel> nets =
            [
                .. from sampler in _study.Samplers.Index()
                   from number in Enumerable.Range(1, _plan.Seeds)
                   let name = $"{sampler.Item.Group}-{number}"
                   select new NamedModel(name, sampler.Item.Group, NetOf(sampler.Item, name, _seed + (ulong)((sampler.Index * SeedsOfGroup) + number))),
            ];
            string key = KeyOf(nets);
            var landscape = ExperimentFolder.Keep(
                Path.Combine(_folder, "landscape.json"), key, StoredResults.Default.KeptLandscapeResult, () => LandscapeOf(nets));
            var bends = ExperimentFolder.Keep(
                Path.Combine(_folder, "bends.json"), $"{key} {_plan.Bends} {_plan.BendEpochs}", StoredResults.Default.KeptIReadOnlyListBentPair,
                () => BendsOf(nets, landscape));
            return new(_study.DataSet, _study.Kind, landscape, bends);
        }

        private double WorkOf(Sampler sampler) => sampler.Work * PassWork;

        /// <summary>Reads a net that is trained; goes on with one that is not, or begins.</summary>
        private Model NetOf(Sampler sampler, string name, ulong seed)
        {
            string file = Path.Combine(_folder, $"{name}.safetensors"), state = Path.Combine(_folder, $"{name}.state");
            var share = _run.Begin($"{_study.Name}: training {name}", WorkOf(sampler));
            if (File.Exists(file))
            {
                // A kill may have come between the net and the removal of its checkpoint.
                var known = Model.Load(file);
                File.Delete(state);
                return known;
            }

            var options = sampler.Training with { Seed = seed, Checkpoint = state, Resume = File.Exists(state) || File.Exists($"{state}.start") };
            var start = Model.Initialise(_network, options.Initialisation, seed, _run.Precision);
            var progress = new Relay<TrainingProgress>(at => share.Report(at.Stage is null ? 0.5 + (at.Done / 2) : at.Done / 2));
            var trained = _run.Engine.Train(start, _train, _test, options, _run.Precision, progress, _run.CancellationToken);
            trained.Model.Save(file);
            File.Delete(state);
            return trained.Model;
        }

        private LandscapeResult LandscapeOf(List<NamedModel> nets)
        {
            var share = _run.Begin($"{_study.Name}: landscape", LandscapeWork);
            var progress = new Relay<LandscapeProgress>(at => share.Report(at.Done));
            return Landscape.Of(_run.Engine, nets, _train, _test, _plan.Landscape, _run.Precision, progress, _run.CancellationToken);
        }

        /// <summary>Paths with one bend between neighbours in each group.</summary>
        private IReadOnlyList<BentPair> BendsOf(List<NamedModel> nets, LandscapeResult landscape)
        {
            var share = _run.Begin($"{_study.Name}: paths with one bend", BendWork);
            List<(int First, int Second)> chosen =
            [
                .. from sampler in Enumerable.Range(0, _study.Samplers.Count)
                   from number in Enumerable.Range(0, Math.Min(_plan.Bends, _plan.Seeds - 1))
                   let first = (sampler * _plan.Seeds) + number
                   select (first, first + 1),
            ];
            return [.. chosen.Select((pair, i) => Bend(pair, new Relay<double>(part => share.Report((i + part) / chosen.Count))))];

            BentPair Bend((int First, int Second) pair, IProgress<double> progress)
            {
                var (first, second) = (nets[pair.First], nets[pair.Second]);
                var path = new PathOptions
                {
                    Points = (2 * _plan.Landscape.Points) - 1,
                    Alignment = Alignment.Match,
                    Orders = _plan.Landscape.Orders,
                    Seed = _plan.Landscape.Seed,
                };
                var bent = Bends.Train(
                    _run.Engine, first.Model, second.Model, _train, _test, new() { Path = path, Epochs = _plan.BendEpochs }, _run.Precision, progress,
                    _run.CancellationToken);
                var straight = landscape.Pairs.First(one => (one.First, one.Second) == pair).Permuted;
                return new(
                    first.Group, first.Name, second.Name, Math.Max(landscape.Nets[pair.First].TrainError, landscape.Nets[pair.Second].TrainError),
                    straight.Barrier(point => point.TrainError).Maximum, bent.Path.ErrorBarrier!.Value.Maximum, bent.Path.TestErrorBarrier!.Value.Maximum);
            }
        }

        /// <summary>What results are computed from: the nets, the data, the options.</summary>
        private string KeyOf(List<NamedModel> nets)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var net in nets)
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(net.Name));
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(net.Model.Parameters));
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(net.Model.Buffers));
            }

            var options = _plan.Landscape;
            string data = string.Concat(new[] { _train, _test }.Select(set => Fingerprint.Of<float>(set, _run.CancellationToken)[..16]));
            return FormattableString.Invariant(
                $"{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]} {data} {_run.Precision} points={options.Points} pairs={options.Pairs} method={options.Method} levels={string.Join(',', options.LevelsOf(IsBinary))} flatness={options.FlatnessLevelOf(IsBinary)} draws={options.Draws} orders={options.Orders} loss={options.Loss.Name} seed={options.Seed}");
        }
    }
}
