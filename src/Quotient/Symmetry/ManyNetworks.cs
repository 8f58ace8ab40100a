using Quotient.Backends;

namespace Quotient.Symmetry;

/// <summary>Standard forms that are matched to each other: how each is changed by now.</summary>
internal sealed class ManyNetworks(IBackend backend, StandardForm[] forms)
{
    private readonly double[][] _values = [.. forms.Select((form, k) => MatchingPair.ValuesOf(form, $"network {k + 1}"))];
    private readonly UnitChange[][] _changes = [.. forms.Select(form => form.Spheres.Groups.Select(UnitChange.Identity).ToArray())];
    private readonly int[] _sweeps = new int[forms.Length];

    /// <summary>The changes of a network by now.</summary>
    public UnitChange[] ChangesOf(int k) => _changes[k];

    /// <summary>All its sweeps.</summary>
    public int SweepsOf(int k) => _sweeps[k];

    /// <summary>A network beside the mean of the others, as they are by now.</summary>
    public MatchingPair PairOf(int k)
    {
        double[] mean = new double[_values[k].Length];
        for (int other = 0; other < forms.Length; other++)
        {
            if (other != k)
            {
                Add(other, mean);
            }
        }

        return new(forms[k].Model.Network, forms[k].Spheres.Groups, mean, _values[k]);
    }

    /// <summary>⟨θ_k, the mean of the others⟩.</summary>
    public double SimilarityOf(int k) => PairOf(k).Similarity(_changes[k]);

    /// <summary>Puts a network somewhere.</summary>
    public void Place(int k, UnitChange[] changes, int sweeps) => (_changes[k], _sweeps[k]) = (changes, _sweeps[k] + sweeps);

    /// <summary>Matches each but the first to the mean of the others, from where it is; whether anything changed.</summary>
    public bool Refine(ulong seed, CancellationToken cancellationToken)
    {
        bool changed = false;
        for (int k = 1; k < forms.Length; k++)
        {
            var pair = PairOf(k);
            using var products = new UnitProducts(backend, pair);
            double before = pair.Similarity(_changes[k]);
            var start = _changes[k].ToArray();
            var (changes, sweeps) = WeightMatching.From(products, [() => start], seed, 1, null, cancellationToken);
            bool gains = pair.Similarity(changes) > before;
            changed |= gains;
            Place(k, gains ? changes : _changes[k], sweeps);
        }

        return changed;
    }

    /// <summary>Adds a network's part of the mean.</summary>
    private void Add(int k, double[] mean)
    {
        var model = forms[k].Model;
        var values = new Model(model.Network, _values[k], Precision.Double, model.Buffers);
        var moved = new Transformation(model.Network, _changes[k]).ApplyTo(values).Parameters;
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] += moved[i] / (forms.Length - 1);
        }
    }
}
