namespace Quotient.Symmetry;

/// <summary>Paths between networks.</summary>
/// <remarks>
/// Losses are at the networks' own scale: between standard forms whose last layers have norm r, logits are multiplied by s_A^(1−t) s_B^t / r, with
/// s the norms that these had. So the ends have the losses and errors of the networks themselves, unless statistics of batch norms are computed
/// anew. Source: Pittorino et al. (2022).
/// </remarks>
public static class Paths
{
    /// <summary>Lays a path between two networks of one architecture and evaluates it.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="a">The first network; it stays as it is, but for scales.</param>
    /// <param name="b">The second, which is matched to the first.</param>
    /// <param name="data">The training data.</param>
    /// <param name="test">Test data, if any.</param>
    /// <param name="options">What the path is.</param>
    /// <param name="precision">The arithmetic's.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">Networks, data and loss do not fit together, or an option makes no sense.</exception>
    public static PathResult Between(
        Engine engine, Model a, Model b, Dataset data, Dataset? test = null, PathOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        return Run(
            engine, a, b, data, test, options, ends => [(options.Alignment, ends.IsBinary ? Geometry.Hamming : options.Geometry)], precision, progress,
            cancellationToken)[0].Path;
    }

    /// <summary>
    /// The same under every condition: with none, either or both of the symmetries removed, straight and along geodesics; the alignment and the
    /// geometry of the options do not count. The networks are matched once.
    /// </summary>
    /// <inheritdoc cref="Between"/>
    public static IReadOnlyList<PathCondition> Conditions(
        Engine engine, Model a, Model b, Dataset data, Dataset? test = null, PathOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        return Run(engine, a, b, data, test, options ?? new(), ends => [.. ends.Conditions], precision, progress, cancellationToken);
    }

    /// <summary>The two networks, and how the second is matched to the first when that is needed.</summary>
    internal static PathEnds EndsOf(
        Engine engine, Model a, Model b, Dataset data, PathOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        options.Check();
        var matching = options.Matching with { Data = options.Matching.Data ?? data };
        return new(a, b, options, (one, other) => Matcher.Match(engine, one, other, matching, progress, cancellationToken).Transformation);
    }

    /// <summary>The points of a path between them.</summary>
    internal static IReadOnlyList<PathPoint> Evaluate(
        Engine engine, PathEnds ends, Way way, Dataset data, Dataset? test, PathOptions options, Precision precision, IProgress<double> progress,
        CancellationToken cancellationToken)
    {
        return precision == Precision.Double ? In<double>() : In<float>();

        IReadOnlyList<PathPoint> In<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            using var evaluator = new PathEvaluator<T>(engine.Backend, ends, data, test, options.Loss, cancellationToken);
            return evaluator.Along(way, options.Points, progress, cancellationToken);
        }
    }

    /// <summary>What tells the share of a part of the work that is done.</summary>
    internal static Relay<double> Part(IProgress<double>? progress, double from, double to) =>
        new(share => progress?.Report(from + ((to - from) * share)));

    private static List<PathCondition> Run(
        Engine engine, Model a, Model b, Dataset data, Dataset? test, PathOptions options,
        Func<PathEnds, IReadOnlyList<(Alignment Alignment, Geometry Geometry)>> choose, Precision precision, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var ends = EndsOf(engine, a, b, data, options, Part(progress, 0, 0.2), cancellationToken);
        var chosen = choose(ends);
        bool matches = chosen.Any(condition => PathOptions.Matches(condition.Alignment)) && options.Transformation is null;
        double before = matches ? 0.2 : 0;
        foreach (var (alignment, geometry) in chosen)
        {
            ends.Check(alignment, geometry);
        }

        if (matches)
        {
            ends.TransformationOf(Alignment.Match);
        }

        return precision == Precision.Double ? RunIn<double>() : RunIn<float>();

        List<PathCondition> RunIn<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            using var evaluator = new PathEvaluator<T>(engine.Backend, ends, data, test, options.Loss, cancellationToken);
            double? functions = FunctionDistance(engine, ends, evaluator, test ?? data, precision, cancellationToken);
            return
            [
                .. chosen.Select((condition, index) => new PathCondition(condition.Alignment, PathOf(
                    ends, evaluator, condition, options, functions, Part(progress, At(index), At(index + 1)), cancellationToken))),
            ];
        }

        double At(int index) => before + ((1 - before) * index / chosen.Count);
    }

    private static PathResult PathOf<T>(
        PathEnds ends, PathEvaluator<T> evaluator, (Alignment Alignment, Geometry Geometry) condition, PathOptions options, double? functions,
        IProgress<double> progress, CancellationToken cancellationToken) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var way = ends.WayOf(condition.Alignment, condition.Geometry);
        return new(evaluator.Along(way, options.Points, progress, cancellationToken), way.Length, functions)
        {
            Geometry = condition.Geometry,
            Transformation = ends.TransformationOf(condition.Alignment),
            Norms = ends.Norms,
        };
    }

    /// <summary>Of the ends as they are evaluated: symmetries change no function, statistics that are computed anew do.</summary>
    private static double? FunctionDistance<T>(
        Engine engine, PathEnds ends, PathEvaluator<T> evaluator, Dataset data, Precision precision, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (data.Classes == 0)
        {
            return null;
        }

        var (a, b) = ends.Recomputes ? (Recomputed(ends.A), Recomputed(ends.B)) : (ends.A, ends.B);
        return Distances.FunctionDistance(engine, a, b, data, precision, null, cancellationToken);

        Model Recomputed(Model model) =>
            new(model.Network, model.Parameters, model.Stored, evaluator.StatisticsAt(model.Parameters, cancellationToken));
    }
}
