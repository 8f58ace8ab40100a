using NUnit.Framework;
using Quotient.Backends;
using Quotient.Measures;
using Quotient.Networks.Layers;
using Quotient.Spectra;
using Quotient.Symmetry;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests.Symmetry;

/// <summary>Local energies against forward passes on the host, closed forms, and the invariance that they are defined by.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class LocalEnergyTests(string device)
{
    private static readonly Noise[] OnReals = [Noise.Multiplicative, Noise.Additive];

    /// <summary>Dense, convolutions, norms that are folded, norms that stay, sums of several layers, and outputs without a scale of their own.</summary>
    private static readonly Dictionary<string, Func<Network>> Architectures = new()
    {
        ["dense"] = () => Network.Parse("7-9-6-4"),
        ["without biases"] = () => Network.Mlp([7, 9, 6, 4], bias: false),
        ["convolutions"] = () => Network.Parse("conv:2x6x6,4c3p1,relu,max2,5c2,relu,8,relu,3"),
        ["norms"] = () => Network.Parse("conv:2x6x6,4c3,bn,relu,5c3,bn,relu,gap,3"),
        ["norms that stay"] = () => Network.Build(new(2, 5, 5), x => x.Convolution(6, 3, 1, 1)
            .Residual(y => y.BatchNorm().Relu().Convolution(6, 3, 1, 1)).BatchNorm().Relu().GlobalAveragePool().Dense(3)),
        ["sums"] = () => Network.Build(new(6), x => x.Dense(8).Relu().Residual(y => y.Dense(7).Relu().Dense(8)).Relu().Dense(3)),
        ["norm of outputs"] = () => Network.Build(new(5), x => x.Dense(8).Relu().Dense(3).BatchNorm()),
    };

    private Engine _engine = null!;

    private static IEnumerable<string> Names => Architectures.Keys;

    [OneTimeSetUp]
    public void Open() => _engine = Engine.Open(device);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [Test]
    public void Scales_of_units_change_no_curve([ValueSource(nameof(Names))] string name, [ValueSource(nameof(OnReals))] Noise noise)
    {
        var (model, data) = Make(Architectures[name](), 60);
        var options = new LocalEnergyOptions { Noise = noise, Levels = [0.1, 0.4, 0.9], Draws = 3, Seed = 5 };
        var found = LocalEnergy.Of<double>(_engine, model, data, options);
        var twin = Transformation.Random(model.Network, 9, permutes: false, flips: false, decades: 1).ApplyTo(model);
        Assert.That(twin.Parameters, Is.Not.EqualTo(model.Parameters));
        AssertClose(LocalEnergy.Of<double>(_engine, twin, data, options), found, 1e-9);
        Assert.That(found.Points.Any(point => point.Error!.Value.Mean != 0), "the noise changes something");
    }

    [Test]
    public void A_folded_network_has_the_curve_of_its_norms([ValueSource(nameof(OnReals))] Noise noise)
    {
        var (model, data) = Make(Architectures["norms"](), 40);
        var options = new LocalEnergyOptions { Noise = noise, Levels = [0.3], Draws = 2 };
        var folded = NormFolding.Of(model).Model;
        Assert.That(folded.Network.ParameterCount, Is.Not.EqualTo(model.Network.ParameterCount));
        AssertClose(LocalEnergy.Of<double>(_engine, folded, data, options), LocalEnergy.Of<double>(_engine, model, data, options), 1e-12);
        var start = _engine.Evaluate(model, data, precision: Precision.Double);
        Assert.That(LocalEnergy.Of<double>(_engine, model, data, options).Base.Loss, Is.EqualTo(start.Loss).Within(1e-12), "the same function");
    }

    [Test]
    public void Each_point_is_what_forward_passes_on_the_host_find([ValueSource(nameof(OnReals))] Noise noise, [Values("7-9-6-4", "5-3")] string widths)
    {
        var (model, data) = Make(Network.Parse(widths), 50);
        const int Draws = 4;
        var options = new LocalEnergyOptions { Noise = noise, Levels = [0.2, 0, 0.7], Draws = Draws, Seed = 12 };
        var found = LocalEnergy.Of<double>(_engine, model, data, options);
        var net = new HostNet(model);
        double[] theta = noise == Noise.Multiplicative ? model.Parameters : net.Normalised();
        double[] scale = noise == Noise.Multiplicative ? theta : net.RadiiOverRoots(theta);
        var (loss, error) = net.Evaluate(theta, data);
        Assert.That(found.Base.Loss, Is.EqualTo(loss).Within(1e-12));
        Assert.That(found.Base.Error, Is.EqualTo(error).Within(1e-15));
        foreach (var (point, level) in found.Points.Zip(options.Levels))
        {
            var changes = Enumerable.Range(0, Draws).Select(draw =>
            {
                double[] moved = [.. theta.Select((value, i) => value + (level * scale[i] * Normal(options.Seed, draw, i)))];
                var (movedLoss, movedError) = net.Evaluate(moved, data);
                return (Loss: movedLoss - loss, Error: movedError - error);
            }).ToList();
            Assert.That(point.Level, Is.EqualTo(level));
            AssertEstimate(point.Loss, [.. changes.Select(change => change.Loss)]);
            AssertEstimate(point.Error!.Value, [.. changes.Select(change => change.Error)]);
        }
    }

    [Test]
    public void Additive_noise_on_a_linear_network_has_the_energy_of_its_variance()
    {
        // E ½‖(W + N) x − y‖² − ½‖W x − y‖² = ½ E‖N x‖² = ½ σ²‖W‖²/(C·n) · C·‖x‖² for N of variance σ²‖W‖²/(C·n).
        var network = Network.Chain(new(6), new Dense(6, 4, false));
        var (model, data) = Nets.Random(network, 30, 3, classes: false);
        double square = model.Parameters.Sum(value => value * value), inputs = 0;
        double[] row = new double[6];
        for (int i = 0; i < data.Count; i++)
        {
            data.CopyInputs<double>(i, 1, row);
            inputs += row.Sum(value => value * value) / data.Count;
        }

        var found = LocalEnergy.Of<double>(
            _engine, model, data, new() { Noise = Noise.Additive, Levels = [0.3], Draws = 2000, Seed = 2, Loss = Loss.SquaredError });
        double wanted = 0.5 * 0.09 * square / 6 * inputs;
        Assert.That(found.Points[0].Error, Is.Null);
        Assert.That(found.Points[0].Loss.StandardError, Is.LessThan(0.05 * wanted));
        Assert.That(found.Points[0].Loss.Mean, Is.EqualTo(wanted).Within(4 * found.Points[0].Loss.StandardError));
    }

    [Test]
    public void The_mean_squared_displacement_on_each_sphere_is_the_square_of_the_level([ValueSource(nameof(Names))] string name)
    {
        var (model, _) = Make(Architectures[name](), 2);
        var scale = NoiseScale.Of(model, Noise.Additive);
        var spheres = new Spheres(scale.Model.Network);
        double[] radii = spheres.Norms(scale.Model.Parameters);
        double[] squares = new double[spheres.Count];
        foreach (var (amplitude, sphere) in scale.Amplitudes.Zip(spheres.Of))
        {
            Assert.That(sphere >= 0 || amplitude == 0, "Euclidean parameters stay");
            if (sphere >= 0)
            {
                squares[sphere] += amplitude * amplitude;
            }
        }

        Assert.That(squares, Has.Length.GreaterThan(2));
        for (int sphere = 0; sphere < squares.Length; sphere++)
        {
            Assert.That(squares[sphere], Is.EqualTo(sphere == spheres.LastLayer ? radii[sphere] * radii[sphere] : 1).Within(1e-12));
        }
    }

    [Test]
    public void No_noise_changes_nothing_and_a_level_is_the_same_alone_and_among_others([ValueSource(nameof(OnReals))] Noise noise)
    {
        var network = Network.Parse("784-40-10");
        var (model, data) = (Model.Initialise(network, Initialisation.PyTorch, 4), Nets.Random(network, 700, 8, classes: true).Data);
        var options = new LocalEnergyOptions { Noise = noise, Levels = [0, 0.25, 0.5], Draws = 2, Seed = 1 };
        var found = LocalEnergy.Of<float>(_engine, model, data, options);
        Assert.That(found.Points[0], Is.EqualTo(new EnergyPoint(0, new(0, 0), new(0, 0))));
        var alone = LocalEnergy.Of<float>(_engine, model, data, options with { Levels = [0.5] });
        Assert.That(alone.Points[0].Error, Is.EqualTo(found.Points[2].Error));
        Assert.That(alone.Points[0].Loss.Mean, Is.EqualTo(found.Points[2].Loss.Mean).Within(1e-6));
        Assert.That(_engine.LocalEnergy(model, data, options).Points, Is.EqualTo(found.Points), "the same seed, the same bits");
        Assert.That(
            LocalEnergy.Of<float>(_engine, model, data, options with { Seed = 2 }).Points[2].Loss.Mean, Is.Not.EqualTo(found.Points[2].Loss.Mean));
    }

    [Test]
    public void Every_device_draws_the_same_noise([ValueSource(nameof(OnReals))] Noise noise)
    {
        var (model, data) = Make(Architectures["convolutions"](), 30);
        var options = new LocalEnergyOptions { Noise = noise, Draws = 3, Seed = 9 };
        using var other = Engine.Open("reference");
        AssertClose(LocalEnergy.Of<double>(_engine, model, data, options), LocalEnergy.Of<double>(other, model, data, options), 1e-10);
    }

    [Test]
    public void Flips_are_those_of_the_energy_of_flips()
    {
        var (model, data) = Make(Network.Parse("binary,real-first:7-6-9-3"), 25);
        var found = LocalEnergy.Of<double>(_engine, model, data, new() { Noise = Noise.Flips, Levels = [0.1, 0.4], Draws = 5, Seed = 6 });
        var wanted = FlipEnergy.Random<double>(_engine, model, data, new() { Probabilities = [0.1, 0.4], Draws = 5, Seed = 6 });
        Assert.That(found.Base, Is.EqualTo(wanted.Base));
        Assert.That(found.Points, Is.EqualTo(wanted.Points.Select(point => new EnergyPoint(point.Probability, point.Error, point.Loss))));
    }

    [Test]
    public void One_draw_shows_no_error()
    {
        var (model, data) = Make(Network.Parse("7-9-6-4"), 20);
        var point = LocalEnergy.Of<double>(_engine, model, data, new() { Levels = [0.3], Draws = 1 }).Points[0];
        Assert.That((point.Loss.StandardError, point.Error!.Value.StandardError), Is.EqualTo((double.NaN, double.NaN)));
    }

    [Test]
    public void Progress_rises_to_one_and_work_stops_when_it_is_told_to()
    {
        var (model, data) = Make(Network.Parse("7-9-6-4"), 20);
        var shares = new List<double>();
        LocalEnergy.Of<double>(_engine, model, data, new() { Draws = 30 }, new Relay<double>(shares.Add));
        Assert.That(shares, Is.Ordered.And.Count.GreaterThan(3));
        Assert.That(shares[^1], Is.EqualTo(1));
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => LocalEnergy.Of<double>(_engine, model, data, new() { Draws = 1_000_000 }, new Relay<double>(_ => stop.Cancel()), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var (model, data) = Make(Network.Parse("7-9-6-4"), 5);
        var (binary, samples) = Make(Network.Parse("binary:7-6-3"), 5);
        AssertRefused(model, data, new() { Levels = [] }, "levels");
        AssertRefused(model, data, new() { Levels = [0.1, -1] }, "-1");
        AssertRefused(model, data, new() { Levels = [double.NaN] }, "NaN");
        AssertRefused(model, data, new() { Levels = [double.PositiveInfinity] }, "0 or more");
        AssertRefused(model, data, new() { Draws = 0 }, "1 or more");
        AssertRefused(model, data, new() { Noise = (Noise)7 }, "Multiplicative, Additive, Flips");
        AssertRefused(model, data, new() { Noise = Noise.Flips }, "no binary weights");
        AssertRefused(binary, samples, new() { Noise = Noise.Flips, Levels = [1.5] }, "from 0 to 1");
        AssertRefused(binary, samples, new() { Noise = Noise.Multiplicative }, "use flips");
        AssertRefused(binary, samples, new() { Noise = Noise.Additive }, "use flips");
        AssertRefused(model, samples, new() { Loss = Loss.SquaredError }, "");
    }

    private void AssertRefused(Model model, Dataset data, LocalEnergyOptions options, string words) => Assert.That(
        () => LocalEnergy.Of<double>(_engine, model, data, options), Throws.TypeOf<QuotientException>().With.Message.Contains(words));

    private static void AssertClose(EnergyCurve found, EnergyCurve wanted, double tolerance)
    {
        Assert.That(found.Base.Error, Is.EqualTo(wanted.Base.Error));
        Assert.That(found.Base.Loss, Is.EqualTo(wanted.Base.Loss).Within(tolerance));
        Assert.That(found.Points, Has.Count.EqualTo(wanted.Points.Count));
        foreach (var (one, two) in found.Points.Zip(wanted.Points))
        {
            Assert.That(one.Level, Is.EqualTo(two.Level));
            Assert.That(one.Error, Is.EqualTo(two.Error));
            Assert.That(one.Loss.Mean, Is.EqualTo(two.Loss.Mean).Within(tolerance));
            Assert.That(one.Loss.StandardError, Is.EqualTo(two.Loss.StandardError).Within(tolerance));
        }
    }

    /// <summary>Mean and s/√n.</summary>
    private static void AssertEstimate(EnergyEstimate found, double[] changes)
    {
        double mean = changes.Average(), variance = changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1);
        Assert.That(found.Mean, Is.EqualTo(mean).Within(1e-11));
        Assert.That(found.StandardError, Is.EqualTo(Math.Sqrt(variance / changes.Length)).Within(1e-11));
    }

    private static double Normal(ulong seed, int draw, int index)
    {
        var (first, second) = Philox.Normals(seed, RandomStreams.Noise + (ulong)draw, (ulong)index / 2);
        return index % 2 == 0 ? first : second;
    }

    /// <summary>A network with parameters and running statistics at random, and samples.</summary>
    private static (Model Model, Dataset Data) Make(Network network, int samples)
    {
        var (model, data) = Nets.Random(network, samples, 31, classes: true);
        double[] buffers = [.. model.Buffers.Select((value, i) => value + Math.Abs(Philox.Normals(3, 4, (ulong)i).First))];
        return (new(network, model.Parameters, Precision.Double, buffers), data);
    }
}
