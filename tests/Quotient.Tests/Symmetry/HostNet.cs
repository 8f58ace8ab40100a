using Quotient.Networks.Layers;

namespace Quotient.Tests.Symmetry;

/// <summary>A chain of dense layers with biases and ReLU between them, by loops on the host, of its own throughout.</summary>
internal sealed class HostNet(Model model)
{
    private readonly List<(int Inputs, int Outputs, int Offset)> _layers =
    [
        .. from node in model.Network.Nodes.Index()
           where node.Item.Layer is Dense
           let layer = (Dense)node.Item.Layer
           select (layer.Inputs, layer.Outputs, (int)model.Network.Tensors.First(tensor => tensor.Node == node.Index).Offset),
    ];

    /// <summary>Mean cross-entropy, and the share of samples whose first largest logit is not their class's.</summary>
    public (double Loss, double Error) Evaluate(double[] theta, Dataset data)
    {
        double loss = 0, errors = 0;
        for (int sample = 0; sample < data.Count; sample++)
        {
            double[] x = new double[data.Sample.Size];
            data.CopyInputs<double>(sample, 1, x);
            foreach (var (index, layer) in _layers.Index())
            {
                x = [.. Enumerable.Range(0, layer.Outputs).Select(unit => Unit(theta, layer, unit, x))];
                x = index == _layers.Count - 1 ? x : [.. x.Select(value => Math.Max(value, 0))];
            }

            double top = x.Max();
            loss += top + Math.Log(x.Sum(value => Math.Exp(value - top))) - x[data.Labels[sample]];
            errors += Array.IndexOf(x, top) == data.Labels[sample] ? 0 : 1;
        }

        return (loss / data.Count, errors / data.Count);
    }

    /// <summary>θ with the incoming weights of each hidden unit at norm 1, the same function.</summary>
    public double[] Normalised()
    {
        double[] theta = [.. model.Parameters];
        for (int l = 0; l + 1 < _layers.Count; l++)
        {
            var (layer, next) = (_layers[l], _layers[l + 1]);
            for (int unit = 0; unit < layer.Outputs; unit++)
            {
                var weights = theta.AsSpan(layer.Offset + (unit * layer.Inputs), layer.Inputs);
                double norm = Norm(weights);
                foreach (ref double weight in weights)
                {
                    weight /= norm;
                }

                theta[layer.Offset + (layer.Outputs * layer.Inputs) + unit] /= norm;
                for (int reader = 0; reader < next.Outputs; reader++)
                {
                    theta[next.Offset + (reader * next.Inputs) + unit] *= norm;
                }
            }
        }

        return theta;
    }

    /// <summary>1/√n at the weights of a hidden unit of n inputs, ‖W‖/√dim at those of the last layer, 0 at biases.</summary>
    public double[] RadiiOverRoots(double[] normalised)
    {
        double[] scale = new double[normalised.Length];
        foreach (var layer in _layers)
        {
            int weights = layer.Inputs * layer.Outputs;
            bool last = layer == _layers[^1];
            double radius = last ? Norm(normalised.AsSpan(layer.Offset, weights)) / Math.Sqrt(weights) : 1 / Math.Sqrt(layer.Inputs);
            scale.AsSpan(layer.Offset, weights).Fill(radius);
        }

        return scale;
    }

    private static double Unit(double[] theta, (int Inputs, int Outputs, int Offset) layer, int unit, double[] x)
    {
        double sum = theta[layer.Offset + (layer.Outputs * layer.Inputs) + unit];
        for (int i = 0; i < layer.Inputs; i++)
        {
            sum += theta[layer.Offset + (unit * layer.Inputs) + i] * x[i];
        }

        return sum;
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
