using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>
/// The space that is left of parameters once positive scales are divided out: a product of spheres, one for the weights that make each unit
/// whose scale is free, one for the whole last layer, and a Euclidean space of the rest, biases among it.
/// </summary>
/// <remarks>
/// Of units that several layers make, as before a residual sum, the first layer's weights lie on the sphere; the others' are Euclidean.
/// Source: Pittorino et al. (2022), section 2.1.
/// </remarks>
public sealed class Spheres
{
    private readonly List<Fixing> _hidden = [];
    private readonly bool[] _scalesOutputs;
    private int _ofNorms;

    /// <summary>Of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="biasInNorm">Whether the bias of a unit is on the sphere with its weights.</param>
    /// <param name="lastLayer">Whether the last layer's norm is divided out too.</param>
    /// <param name="batchNorms">
    /// Whether the scale behind each batch norm is divided out too, so that its γ is ±1: a sphere of one weight each, that
    /// <see cref="OfWeights"/> does not count.
    /// </param>
    public Spheres(Network network, bool biasInNorm = false, bool lastLayer = true, bool batchNorms = true)
    {
        var axes = new UnitAxes(network);
        Network = network;
        Groups = UnitGroup.Of(network, axes);
        Of = new int[network.ParameterCount];
        _scalesOutputs = new bool[network.ParameterCount];
        Array.Fill(Of, -1);
        foreach (var (index, group) in Groups.Index())
        {
            for (int scale = 0; scale < group.ScaleCount; scale++)
            {
                Add(index, scale, biasInNorm, batchNorms);
            }
        }

        if (lastLayer && axes.ScalesOutputs)
        {
            AddLastLayer(axes, biasInNorm);
        }
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>For each parameter its sphere; −1 for those that are Euclidean.</summary>
    public int[] Of { get; }

    /// <summary>The number of spheres.</summary>
    public int Count { get; private set; }

    /// <summary>The number of those that are not of a batch norm's γ, which is ±1 in every standard form.</summary>
    public int OfWeights => Count - _ofNorms;

    /// <summary>Whether a sphere is that of a batch norm's γ.</summary>
    internal bool IsOfNorm(int sphere) =>
        _hidden.Any(fixing => Network.Nodes[fixing.Node].Layer is BatchNorm && sphere >= fixing.First && sphere < fixing.First + Groups[fixing.Group].Count);

    /// <summary>The sphere of the last layer, which is the last; null where it has none: there its scale changes more than the logits'.</summary>
    public int? LastLayer { get; private set; }

    /// <summary>The groups of units.</summary>
    internal IReadOnlyList<UnitGroup> Groups { get; }

    /// <summary>The scales that spheres divide out, in the order in which that must be done: none reads units of a later one.</summary>
    internal IReadOnlyList<Fixing> Hidden => _hidden;

    /// <summary>‖θ on sphere j‖₂ for each sphere.</summary>
    public double[] Norms(ReadOnlySpan<double> theta) => Norms(theta, 0, Count, 0..theta.Length);

    /// <summary>The norms on the spheres of one scale.</summary>
    internal double[] Norms(ReadOnlySpan<double> theta, Fixing fixing) =>
        Norms(theta, fixing.First, Groups[fixing.Group].Count, Network.ParameterBlocks.First(block => block.Node == fixing.Node).Range);

    /// <summary>The norms on so many spheres from the first on, whose parameters lie within a range.</summary>
    private double[] Norms(ReadOnlySpan<double> theta, int first, int count, Range range)
    {
        double[] largest = new double[count], sums = new double[count];
        var (start, length) = range.GetOffsetAndLength(theta.Length);
        for (int i = start; i < start + length; i++)
        {
            int sphere = Of[i] - first;
            if (sphere >= 0 && sphere < count)
            {
                largest[sphere] = Math.Max(largest[sphere], Math.Abs(theta[i]));
            }
        }

        for (int i = start; i < start + length; i++)
        {
            // Scaled by the largest, so that no square overflows or vanishes.
            int sphere = Of[i] - first;
            if (sphere >= 0 && sphere < count && largest[sphere] > 0)
            {
                double part = theta[i] / largest[sphere];
                sums[sphere] += part * part;
            }
        }

        return [.. largest.Zip(sums, (scale, sum) => scale * Math.Sqrt(sum))];
    }

    /// <summary>Multiplies the logits by a number above 0: the weights and biases that make them. Where <see cref="LastLayer"/> is null it must be 1.</summary>
    public void ScaleOutputs(double factor, Span<double> theta)
    {
        if (factor != 1 && LastLayer is null)
        {
            throw new InvalidOperationException("The last layer has no sphere.");
        }

        for (int i = 0; i < theta.Length; i++)
        {
            theta[i] = _scalesOutputs[i] ? theta[i] * factor : theta[i];
        }
    }

    /// <summary>A scale's sphere for each unit of its group, at the first weight that makes it.</summary>
    private void Add(int index, int scale, bool biasInNorm, bool batchNorms)
    {
        var group = Groups[index];
        var made = group.Axes.Where(axis => axis.Axis.Role == AxisRole.Incoming && !axis.Axis.IsBuffer && axis.Scales.Contains(scale)).ToList();
        var weight = made.FirstOrDefault(axis => axis.Axis.Tensor.Shape.Role == TensorRole.Weight);
        bool isOfNorm = weight is not null && Network.Nodes[weight.Axis.Tensor.Node].Layer is BatchNorm;
        if (weight is null || (isOfNorm && !batchNorms))
        {
            return;
        }

        _ofNorms += isOfNorm ? group.Count : 0;

        bool WithBias(GroupAxis axis) => axis == weight
            || (biasInNorm && axis.Axis.Tensor.Node == weight.Axis.Tensor.Node && axis.Axis.Tensor.Shape.Role == TensorRole.Bias);
        foreach (var axis in made.Where(WithBias))
        {
            for (int unit = 0; unit < group.Count; unit++)
            {
                for (int place = 0; place < axis.PerUnit; place++)
                {
                    Fill(axis.Axis, axis.Places[(unit * axis.PerUnit) + place], Of, Count + unit);
                }
            }
        }

        _hidden.Add(new(index, scale, Count, weight.Axis.Tensor.Node));
        _hidden.Sort((one, other) => one.Node.CompareTo(other.Node));
        Count += group.Count;
    }

    private void AddLastLayer(UnitAxes axes, bool biasInNorm)
    {
        var made = axes.All.Where(axis => axis.Role == AxisRole.Incoming && !axis.IsBuffer
            && axis.Strands.Any(strand => axes.OutputScales.Contains(axes.Resolve(strand).Scale))).ToList();
        if (made.Count == 0 || Network.Nodes[^1].Layer is BatchNorm)
        {
            return;
        }

        foreach (var axis in made)
        {
            bool isOnSphere = axis.Tensor.Shape.Role == TensorRole.Weight || (biasInNorm && axis.Tensor.Shape.Role == TensorRole.Bias);
            for (int index = 0; index < axis.Strands.Length; index++)
            {
                Fill(axis, index, _scalesOutputs, true);
                Fill(axis, index, Of, isOnSphere ? Count : -1);
            }
        }

        LastLayer = Count++;
    }

    /// <summary>Writes one value to the places in θ of one index of an axis.</summary>
    private static void Fill<TValue>(UnitAxis axis, int index, TValue[] target, TValue value)
    {
        var (outer, extent, inner) = axis.Extents;
        for (int i = 0; i < outer; i++)
        {
            target.AsSpan((int)axis.Tensor.Offset + (((i * extent) + index) * inner), inner).Fill(value);
        }
    }

    /// <summary>A scale of a group's units that spheres divide out.</summary>
    /// <param name="Group">The group's index.</param>
    /// <param name="Scale">Which of its scales.</param>
    /// <param name="First">The sphere of its first unit.</param>
    /// <param name="Node">The layer whose weights are on them.</param>
    internal readonly record struct Fixing(int Group, int Scale, int First, int Node);
}
