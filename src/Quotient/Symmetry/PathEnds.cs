using Quotient.Linearisation.Losses;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>
/// Two networks of one architecture, with as many of their symmetries removed as is asked for: each form is computed once, the matching too.
/// </summary>
internal sealed class PathEnds
{
    private readonly Model _a, _b;
    private readonly PathOptions _options;
    private readonly Func<Model, Model, Transformation> _match;
    private readonly Lazy<(StandardForm A, StandardForm B)> _standard;
    private readonly Lazy<Spheres> _spheres;
    private Transformation? _found;

    /// <param name="a">The first network.</param>
    /// <param name="b">The second.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="match">Matches the second to the first.</param>
    /// <exception cref="QuotientException">The networks are of two architectures, or the symmetry that is known is of another.</exception>
    public PathEnds(Model a, Model b, PathOptions options, Func<Model, Model, Transformation> match)
    {
        CheckSame(a.Network, b.Network);
        (_options, _match) = (options, match);
        b = new(a.Network, b.Parameters, b.Stored, b.Buffers) { Metadata = b.Metadata };
        bool hasNorms = a.Network.Nodes.Any(node => node.Layer is BatchNorm);
        Recomputes = options.RecomputesNorms && hasNorms;
        Norms = !hasNorms ? "none" : Recomputes ? "recomputed" : "folded";
        (A, B) = (a, b);
        (_a, _b) = Recomputes ? (a, b) : (NormFolding.Of(a).Model, NormFolding.Of(b).Model);
        bool hasLogits = options.Loss is CrossEntropyLoss;
        var form = new StandardFormOptions { LastNorm = hasLogits ? 1 : null };
        _standard = new(() => (StandardForm.Of(a, form), StandardForm.Of(b, form)));
        _spheres = new(() => new(_a.Network, lastLayer: hasLogits, batchNorms: false));
    }

    /// <summary>The first network as it is.</summary>
    public Model A { get; }

    /// <summary>The second, its layers under the names of the first.</summary>
    public Model B { get; }

    /// <summary>The network that is evaluated along paths.</summary>
    public Network Network => _a.Network;

    /// <summary>What its paths' points have beside θ, where that is not computed anew.</summary>
    public double[] Buffers => _a.Buffers;

    /// <summary>Whether running statistics are computed anew at each point.</summary>
    public bool Recomputes { get; }

    /// <summary>What is done with batch norms.</summary>
    public string Norms { get; }

    /// <summary>Whether it has binary weights.</summary>
    public bool IsBinary => Network.Tensors.Any(tensor => tensor.IsBinary);

    /// <summary>The conditions that make sense, in the order of tables.</summary>
    public IEnumerable<(Alignment Alignment, Geometry Geometry)> Conditions =>
        from alignment in Enum.GetValues<Alignment>()
        where !Recomputes || !PathOptions.Normalises(alignment)
        from geometry in IsBinary ? [Geometry.Hamming] : new[] { Geometry.Linear, Geometry.Geodesic }
        select (alignment, geometry);

    /// <summary>The symmetry that the second network is changed by; null where none is asked for.</summary>
    public Transformation? TransformationOf(Alignment alignment) => PathOptions.Matches(alignment) ? Found : null;

    /// <summary>The ends with these symmetries removed, of the networks' own scale or in standard form.</summary>
    public (Model A, Model B) Of(Alignment alignment)
    {
        var (a, b) = PathOptions.Normalises(alignment) ? (Standard.A.Model, Standard.B.Model) : (_a, _b);
        return (a, TransformationOf(alignment)?.On(b.Network).ApplyTo(b) ?? b);
    }

    /// <summary>Throws a <see cref="QuotientException"/> where there is no such path.</summary>
    public void Check(Alignment alignment, Geometry geometry)
    {
        QuotientException.ThrowIf(
            geometry == Geometry.Hamming && !IsBinary, $"the network {Network} has no binary weights, so that it has no path of flips");
        QuotientException.ThrowIf(
            Recomputes && PathOptions.Normalises(alignment),
            $"running statistics that are computed anew leave no scales to remove from {Network}; choose an alignment that does not, or fold batch norms");
    }

    /// <summary>The path between the ends.</summary>
    public Way WayOf(Alignment alignment, Geometry geometry)
    {
        var (a, b) = Of(alignment);
        if (IsBinary)
        {
            return new HammingWay(a, b, _options.Orders, _options.Seed);
        }

        bool isNormal = PathOptions.Normalises(alignment);
        var spheres = isNormal ? Standard.A.Spheres : _spheres.Value;
        Way way = geometry == Geometry.Linear ? new StraightWay(a, b) : new GeodesicWay(a, b, spheres);
        return isNormal ? new RescaledWay(way, spheres, Standard.A.LogitScale, Standard.B.LogitScale) : way;
    }

    private (StandardForm A, StandardForm B) Standard => _standard.Value;

    private Transformation Found => _found ??= _options.Transformation is { } known ? Checked(known) : _match(A, B);

    private Transformation Checked(Transformation known)
    {
        foreach (var group in UnitGroup.Of(Network).Where(group => !group.IsFixed))
        {
            QuotientException.ThrowIf(
                !known.Groups.Any(other => other.Name == group.Name && other.Count == group.Count),
                $"the symmetry that is given is one of the network {known.Network}, which has no {group.Count} units of layer {Text.Quote(group.Name)}");
        }

        return known;
    }

    private static void CheckSame(Network a, Network b) => QuotientException.ThrowIf(
        a.Input != b.Input || a.Nodes.Count != b.Nodes.Count
        || a.Nodes.Zip(b.Nodes).Any(pair => pair.First.Layer != pair.Second.Layer || !pair.First.Inputs.SequenceEqual(pair.Second.Inputs)),
        $"a path leads between two networks of one architecture, but these are {a} and {b}");
}
