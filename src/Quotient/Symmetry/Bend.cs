using Quotient.Networks.Layers;
using Quotient.Results;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Symmetry;

/// <summary>How the bend of a path is trained and the path evaluated.</summary>
public sealed record BendOptions
{
    /// <summary>
    /// How the path is evaluated, and whether units are matched: by the alignments that match. Scales stay as they are, and segments are straight,
    /// or of binary networks random orders of flips. An odd number of points has the bend among them. Its seed is that of the training too.
    /// </summary>
    public PathOptions Path { get; init; } = new();

    /// <summary>Passes over the training data; of binary networks the most, since they stop without training error.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Samples in a mini-batch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The optimiser; null for SGD of rate 0.05 with Nesterov's momentum 0.9, whose rate falls as half a cosine, or <see cref="BinaryNet"/>.</summary>
    public Optimiser? Optimiser { get; init; }

    internal void Check()
    {
        Optimiser.Require(Epochs >= 1, "number of epochs of a bend", Epochs, "1 or more");
        Path.Check();
    }
}

/// <summary>A path of two segments.</summary>
/// <param name="Bend">The network between, trained.</param>
/// <param name="Path">The path; its distance is its length.</param>
/// <param name="Training">The bend itself, evaluated after its last epoch.</param>
public sealed record BendResult(Model Bend, PathResult Path, EpochRecord Training);

/// <summary>Paths with one bend between networks.</summary>
public static class Bends
{
    /// <summary>
    /// Trains the bend θ_m of φ(t) = (1 − 2t) A + 2t θ_m, t ≤ ½, and (2t − 1) B + (2 − 2t) θ_m, t ≥ ½, to minimise E_t[L(φ(t))], t uniform, and
    /// evaluates the path. It starts in the middle of the straight path; A and B (matched, if asked for) do not move, and weights are as they are,
    /// not in standard form. Batch norms are folded.
    /// </summary>
    /// <remarks>
    /// One t is drawn for each mini-batch. A binary network's bend is trained by itself from the middle of a Hamming path until it has no training
    /// error, or for so many epochs; both segments are Hamming paths then. Source: Pittorino et al. (2022), section 2.3; Garipov, Izmailov,
    /// Podoprikhin, Vetrov, Wilson (2018) for the objective.
    /// </remarks>
    /// <param name="engine">The device.</param>
    /// <param name="a">The first network.</param>
    /// <param name="b">The second.</param>
    /// <param name="train">The training data.</param>
    /// <param name="test">Test data, if any.</param>
    /// <param name="options">How.</param>
    /// <param name="precision">The arithmetic's.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancellationToken">Stops it within a step, or between two chunks of samples.</param>
    /// <exception cref="QuotientException">
    /// Networks, data and loss do not fit together, a batch norm cannot be folded, an option makes no sense, or the training diverges.
    /// </exception>
    public static BendResult Train(
        Engine engine, Model a, Model b, Dataset train, Dataset? test = null, BendOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        options.Check();
        var path = options.Path with { RecomputesNorms = false };
        var ends = Paths.EndsOf(engine, a, b, train, path, Paths.Part(progress, 0, 0.1), cancellationToken);
        CheckNorms(ends.Network);
        var alignment = PathOptions.Matches(path.Alignment) ? Alignment.Match : Alignment.None;
        var (first, second) = ends.Of(alignment);
        var trained = engine.Train(
            Start(first, second, path.Seed), train, null, TrainingOf(options, first, second, train), precision,
            new Relay<TrainingProgress>(at => Paths.Part(progress, 0.1, 0.8).Report(at.Done)), cancellationToken);
        var way = ends.IsBinary
            ? new BentWay(new HammingWay(first, trained.Model, path.Orders, path.Seed), new HammingWay(trained.Model, second, path.Orders, path.Seed, 1))
            : new BentWay(new StraightWay(first, trained.Model), new StraightWay(trained.Model, second));
        var functions = test ?? train;
        return new(
            trained.Model,
            new(
                Paths.Evaluate(engine, ends, way, train, test, path, precision, Paths.Part(progress, 0.8, 1), cancellationToken), way.Length,
                functions.Classes == 0 ? null : Distances.FunctionDistance(engine, first, second, functions, precision, null, cancellationToken))
            {
                Geometry = ends.IsBinary ? Geometry.Hamming : Geometry.Linear,
                Transformation = ends.TransformationOf(alignment),
                Norms = ends.Norms,
            },
            trained.Epochs[^1]);
    }

    /// <summary>
    /// The middle of the straight path; of a binary network that of a Hamming path: of the weights whose signs differ half, drawn at random, are
    /// those of B and half those of A, as these keep them behind the signs; others are the means of both.
    /// </summary>
    private static Model Start(Model a, Model b, ulong seed)
    {
        double[] middle = new double[a.Parameters.Length], signs = new double[middle.Length];
        StraightWay.Mix(a.Parameters, b.Parameters, 0.5, middle);
        if (a.Network.Tensors.Any(tensor => tensor.IsBinary))
        {
            double[] one = a.AtBinaryWeights().Parameters, other = b.AtBinaryWeights().Parameters;
            new HammingWay(a, b, 1, seed, 2).At(0, 1, 2, signs);
            foreach (int i in a.Network.Tensors.Where(tensor => tensor.IsBinary).SelectMany(tensor => Enumerable.Range((int)tensor.Offset, (int)tensor.Size)))
            {
                middle[i] = one[i] == other[i] ? middle[i] : (signs[i] == other[i] ? b : a).Parameters[i];
            }
        }

        return new(a.Network, middle, a.Stored, [.. a.Buffers]);
    }

    private static TrainingOptions TrainingOf(BendOptions options, Model a, Model b, Dataset train)
    {
        bool isBinary = a.Network.Tensors.Any(tensor => tensor.IsBinary);
        var each = options.Optimiser ?? (isBinary ? new BinaryNet() : new Sgd(0.05));
        return new()
        {
            Loss = options.Path.Loss,
            Epochs = options.Epochs,
            BatchSize = options.BatchSize,
            Optimiser = isBinary ? each : new BendSteps(each, a.Parameters, b.Parameters, options.Path.Seed),
            Schedule = isBinary ? Schedule.Constant : new Cosine(options.Epochs),
            Seed = options.Path.Seed,
            EvaluateEvery = isBinary ? 1 : options.Epochs,
            StopAtZeroTrainError = isBinary && train.Classes > 0,
        };
    }

    /// <summary>A norm that stays would be trained with statistics of mini-batches.</summary>
    private static void CheckNorms(Network network)
    {
        if (network.Nodes.FirstOrDefault(node => node.Layer is BatchNorm) is { } norm)
        {
            throw new QuotientException(
                $"layer {Text.Quote(norm.Name)} is a batch norm that no dense layer or convolution stands alone before, so that it cannot be folded: "
                + "no bend can be trained between such networks");
        }
    }
}
