using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Symmetry;

/// <summary>Units without incoming weights: constants, whose scale no norm fixes.</summary>
internal static class SilentUnits
{
    /// <summary>
    /// Finds those of one group. Where a dense layer makes a unit and ReLU and dense layers with biases read it, W relu(b) goes into those
    /// biases, and b and the weights W that read it become 0: the function is the same.
    /// </summary>
    public static List<SilentUnit> Fold(Model model, Spheres spheres, Spheres.Fixing fixing)
    {
        var group = spheres.Groups[fixing.Group];
        double[] norms = spheres.Norms(model.Parameters, fixing);
        var silent = new List<SilentUnit>();
        bool? folds = null;
        for (int unit = 0; unit < group.Count; unit++)
        {
            if (norms[unit] == 0)
            {
                folds ??= IsPlain(model.Network, group);
                silent.Add(new(group.Name, unit, folds.Value));
                if (folds.Value)
                {
                    FoldUnit(model, group, unit);
                }
            }
        }

        return silent;
    }

    /// <summary>Whether one dense layer makes the units, a ReLU alone reads it, and dense layers with biases alone read that.</summary>
    private static bool IsPlain(Network network, UnitGroup group)
    {
        int[] makers = [.. group.Axes.Where(axis => axis.Axis.Role == AxisRole.Incoming).Select(axis => axis.Axis.Tensor.Node).Distinct()];
        return !group.IsFixed && makers is [var maker] && network.Nodes[maker].Layer is Dense && network.ReadersOf(maker) is [var relu]
            && network.Nodes[relu].Layer is Relu
            && network.ReadersOf(relu).All(reader => network.Nodes[reader].Layer is Dense { Bias: true });
    }

    private static void FoldUnit(Model model, UnitGroup group, int unit)
    {
        var parameters = model.Parameters;
        var bias = group.Axes.FirstOrDefault(axis => axis.Axis.Role == AxisRole.Incoming && axis.Axis.Tensor.Shape.Role == TensorRole.Bias);
        double constant = 0;
        if (bias is not null)
        {
            ref double own = ref parameters[bias.Axis.Tensor.Offset + bias.Places[unit]];
            (constant, own) = (Math.Max(own, 0), 0);
        }

        foreach (var axis in group.Axes.Where(axis => axis.Axis.Role == AxisRole.Outgoing))
        {
            var (tensor, column) = (axis.Axis.Tensor, axis.Places[unit]);
            var layer = (Dense)model.Network.Nodes[tensor.Node].Layer;
            var biases = parameters.AsSpan(model.Network.Tensors.First(other => other.Node == tensor.Node && other != tensor).Range);
            for (int output = 0; output < layer.Outputs; output++)
            {
                ref double weight = ref parameters[tensor.Offset + (layer.InputsFirst ? (column * layer.Outputs) + output : (output * layer.Inputs) + column)];
                biases[output] += layer.Scale * weight * constant;
                weight = 0;
            }
        }
    }
}
