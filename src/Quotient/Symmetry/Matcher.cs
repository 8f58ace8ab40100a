namespace Quotient.Symmetry;

/// <summary>
/// Finds the permutations (and flips) of one network's units that bring it next to another. Always on standard forms: on networks as they are,
/// scales that do nothing decide which units look alike.
/// </summary>
/// <remarks>
/// Units change places within their groups (<see cref="UnitGroup"/>), which are derived from the graph, so that any architecture is matched.
/// Each group's partners are an exact linear assignment. Matching is not transitive: use <see cref="MatchAll"/> for more than two networks.
/// Source: Pittorino et al. (2022), section 2.2; Ainsworth, Hayase, Srinivasa (2023).
/// </remarks>
public static class Matcher
{
    private const int MostRounds = 100;

    /// <summary>Matches B to A.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="a">The network that stays.</param>
    /// <param name="b">The network whose units change places, of the same architecture; names may differ.</param>
    /// <param name="options">What units are compared by.</param>
    /// <param name="progress">Is told the share of groups, or of starts, that is done.</param>
    /// <param name="cancellationToken">Stops it between two assignments.</param>
    /// <exception cref="QuotientException">
    /// The architectures differ, weights are not finite, or activations are to be compared without data that fit.
    /// </exception>
    public static Matching Match(
        Engine engine, Model a, Model b, MatchingOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        options.Check();
        CheckAlike(a.Network, b.Network);
        var (formOfA, formOfB) = (StandardForm.Of(a), StandardForm.Of(b));
        using var products = new UnitProducts(engine.Backend, MatchingPair.Of(formOfA, formOfB));
        var (changes, sweeps) = Run(engine, products, formOfA.Model, formOfB.Model, options, progress, cancellationToken);
        return new(On(b, products.Pair, changes), products.Pair.Similarity(changes), sweeps);
    }

    /// <summary>
    /// Matches many networks to each other, cycle-consistently: all are brought into the places of the first network's units, so that the
    /// symmetry from any one to any other is by way of these, whatever lies between.
    /// </summary>
    /// <remarks>
    /// Each network is matched to the first; then, round after round, each but the first to the sum of all others as they are by now, by
    /// coordinate ascent from where it is, until nothing changes. Σ_(k&lt;l) ⟨θ_k, θ_l⟩ grows with each step. Similarities are those to the mean
    /// of the others.
    /// </remarks>
    /// <param name="engine">The device.</param>
    /// <param name="models">The networks, of one architecture; the first stays.</param>
    /// <param name="options">What units are compared by when each is matched to the first.</param>
    /// <param name="progress">Is told the share that is done, about.</param>
    /// <param name="cancellationToken">Stops it between two assignments.</param>
    /// <exception cref="QuotientException">As of two networks, or there are fewer than two.</exception>
    public static IReadOnlyList<Matching> MatchAll(
        Engine engine, IReadOnlyList<Model> models, MatchingOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var pass = engine.Backend.Gate.Enter();
        options ??= new();
        options.Check();
        QuotientException.ThrowIf(models.Count < 2, $"{Sentence.Count(models.Count, "network")} cannot be matched to each other; at least two are needed");
        foreach (var model in models.Skip(1))
        {
            CheckAlike(models[0].Network, model.Network);
        }

        StandardForm[] forms = [.. models.Select(model => StandardForm.Of(model))];
        var many = new ManyNetworks(engine.Backend, forms);
        for (int k = 1; k < forms.Length; k++)
        {
            using var products = new UnitProducts(engine.Backend, MatchingPair.Of(forms[0], forms[k]));
            var found = Run(engine, products, forms[0].Model, forms[k].Model, options, null, cancellationToken);
            many.Place(k, found.Changes, found.Sweeps);
            progress?.Report(0.5 * k / (forms.Length - 1));
        }

        for (int round = 0; round < MostRounds && many.Refine(options.Seed, cancellationToken); round++)
        {
            progress?.Report(1 - (0.5 / (round + 2)));
        }

        return [.. models.Select((model, k) => new Matching(On(model, many.PairOf(k), many.ChangesOf(k)), many.SimilarityOf(k), many.SweepsOf(k)))];
    }

    private static (UnitChange[] Changes, int Sweeps) Run(
        Engine engine, UnitProducts products, Model a, Model b, MatchingOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int threads = Math.Clamp(engine.Backend.Device.Threads, 1, Environment.ProcessorCount);
        return options.Method switch
        {
            MatchingMethod.Weights => WeightMatching.Run(products, options, threads, progress, cancellationToken),
            MatchingMethod.Activations => (new ActivationMatching(engine, products, a, b, options.Data!).Run(progress, cancellationToken), 0),
            _ => (LayerwiseMatching.Run(products, progress, cancellationToken), 0),
        };
    }

    /// <summary>The changes of a standard form's groups as a symmetry of the network that it is of.</summary>
    private static Transformation On(Model model, MatchingPair pair, UnitChange[] changes) => new Transformation(pair.Network, changes).On(model.Network);

    private static void CheckAlike(Network a, Network b)
    {
        QuotientException.ThrowIf(
            a.Input != b.Input || a.Nodes.Count != b.Nodes.Count,
            $"the networks {a} and {b} have different architectures; those of one architecture alone can be matched");
        foreach (var (one, other) in a.Nodes.Zip(b.Nodes))
        {
            QuotientException.ThrowIf(
                one.Layer != other.Layer || !one.Inputs.SequenceEqual(other.Inputs),
                $"the networks {a} and {b} differ at layer {Text.Quote(one.Name)} ({Network.KindOf(one.Layer)}) and layer {Text.Quote(other.Name)} "
                + $"({Network.KindOf(other.Layer)}); those of one architecture alone can be matched");
        }
    }
}
