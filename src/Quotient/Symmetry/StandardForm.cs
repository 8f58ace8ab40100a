using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>How a standard form is chosen.</summary>
public sealed record StandardFormOptions
{
    /// <summary>The norm r of the last layer's weights; null to leave it as it is, as losses other than cross-entropy want.</summary>
    public double? LastNorm { get; init; } = 1;

    /// <summary>Whether the bias of a unit is in its norm.</summary>
    public bool BiasInNorm { get; init; }

    /// <summary>Whether the mean over classes is taken from the last layer: cross-entropy does not see it.</summary>
    public bool Centre { get; init; }

    internal void Check() => QuotientException.ThrowIf(
        LastNorm is { } norm && !(norm > 0 && double.IsFinite(norm)), $"the norm of the last layer is {LastNorm}; it must be a number above 0");
}

/// <summary>A unit whose incoming weights are all 0.</summary>
/// <param name="Layer">The layer that makes it.</param>
/// <param name="Unit">Its place.</param>
/// <param name="IsFolded">Whether its constant was put into the biases behind it; else it stays as it is, its scale free.</param>
public sealed record SilentUnit(string Layer, int Unit, bool IsFolded);

/// <summary>
/// The one representative of all models that differ by positive scales of their units: each hidden unit's incoming weights have norm 1, the
/// last layer's weights norm r, and batch norms are folded. Its logits are r/s times the model's, s the norm that the last layer had.
/// </summary>
/// <remarks>
/// Layers in order: c = ‖w_k‖₂ after the rescaling of the layers before; w_k ← w_k/c, b_k ← b_k/c, and what reads the unit is multiplied by
/// c. Of several layers that make a unit, before a residual sum, the first fixes c. Source: Pittorino et al. (2022), section 2.1.
/// </remarks>
public sealed class StandardForm
{
    private StandardForm(Model model, Spheres spheres, double logitScale, IReadOnlyList<SilentUnit> silent, int folded, int kept) =>
        (Model, Spheres, LogitScale, Silent, FoldedNorms, KeptNorms) = (model, spheres, logitScale, silent, folded, kept);

    /// <summary>The model in standard form.</summary>
    public Model Model { get; }

    /// <summary>Which of its parameters lie on which sphere.</summary>
    public Spheres Spheres { get; }

    /// <summary>s/r: the model's own logits are so many times those of its standard form.</summary>
    public double LogitScale { get; }

    /// <summary>Units whose incoming weights are all 0.</summary>
    public IReadOnlyList<SilentUnit> Silent { get; }

    /// <summary>Batch norms that are part of other layers' weights now.</summary>
    public int FoldedNorms { get; }

    /// <summary>Batch norms that no dense layer or convolution stands alone before: they stay, as affine maps.</summary>
    public int KeptNorms { get; }

    /// <summary>Of a model, which stays as it is.</summary>
    public static StandardForm Of(Model model, StandardFormOptions? options = null)
    {
        options ??= new();
        options.Check();
        var (folded, norms, kept) = NormFolding.Of(model);
        var copy = new Model(folded.Network, [.. folded.Parameters], folded.Stored, [.. folded.Buffers]) { Metadata = model.Metadata };
        var spheres = new Spheres(copy.Network, options.BiasInNorm, options.LastNorm is not null);
        var silent = new List<SilentUnit>();
        foreach (var fixing in spheres.Hidden)
        {
            silent.AddRange(SilentUnits.Fold(copy, spheres, fixing));
            Normalise(copy, spheres, fixing);
        }

        if (options.Centre)
        {
            Centre(copy);
        }

        double scale = 1;
        if (options.LastNorm is { } norm && spheres.LastLayer is { } last && spheres.Norms(copy.Parameters)[last] is > 0 and double size
            && double.IsFinite(norm / size))
        {
            scale = size / norm;
            spheres.ScaleOutputs(1 / scale, copy.Parameters);
        }

        return new(copy, spheres, scale, silent, norms, kept);
    }

    /// <summary>Divides the units of one group by the norms of their incoming weights, in place.</summary>
    private static void Normalise(Model model, Spheres spheres, Spheres.Fixing fixing)
    {
        var group = spheres.Groups[fixing.Group];
        var change = UnitChange.Identity(group);
        double[] norms = spheres.Norms(model.Parameters, fixing);
        for (int unit = 0; unit < group.Count; unit++)
        {
            double norm = norms[unit];
            change.Scales[fixing.Scale][unit] = norm > 0 && double.IsFinite(1 / norm) ? 1 / norm : 1;
        }

        Transformation.Apply(model, group, change);
    }

    /// <summary>Takes from each weight of the last layer the mean over classes of those at its place, and from each bias theirs.</summary>
    private static void Centre(Model model)
    {
        int last = model.Network.Nodes.Count - 1;
        QuotientException.ThrowIf(
            model.Network.Nodes[last].Layer is not (Dense or Convolution),
            $"the outputs of the network {model.Network} are not made by a dense layer or a convolution alone, so that its classes cannot be centred");
        foreach (var tensor in model.Network.Tensors.Where(tensor => tensor.Node == last))
        {
            var values = model.Parameters.AsSpan(tensor.Range);
            int classes = tensor.Shape.Dimensions[tensor.Shape.Axes.ToList().IndexOf(Axis.Out)], rest = values.Length / classes;
            bool classesFirst = tensor.Shape.Axes[0] == Axis.Out;
            for (int i = 0; i < rest; i++)
            {
                double mean = 0;
                for (int c = 0; c < classes; c++)
                {
                    mean += values[At(c, i)] / classes;
                }

                for (int c = 0; c < classes; c++)
                {
                    values[At(c, i)] -= mean;
                }
            }

            int At(int c, int i) => classesFirst ? (c * rest) + i : (i * classes) + c;
        }
    }
}
