using Quotient.Networks;

namespace Quotient.Symmetry;

/// <summary>Sums over samples and places from which the correlations of all units of A with all of B follow.</summary>
internal sealed class ActivationMoments(UnitProducts products, int[] channels, Shape output)
{
    /// <summary>Values of each network that one call takes, about.</summary>
    public const long ValuesAtOnce = 1 << 22;

    private readonly Sums _a = new(channels.Length), _b = new(channels.Length);
    private readonly double[] _products = new double[channels.Length * channels.Length];
    private long _count;

    /// <summary>Adds samples: both networks' outputs at the node, sample by sample, channels together.</summary>
    public void Add(double[] outputsOfA, double[] outputsOfB)
    {
        double[] rowsOfA = Rows(outputsOfA), rowsOfB = Rows(outputsOfB);
        _a.Add(rowsOfA);
        _b.Add(rowsOfB);
        double[] found = products.Multiply(rowsOfA, rowsOfB, channels.Length);
        for (int i = 0; i < found.Length; i++)
        {
            _products[i] += found[i];
        }

        _count += rowsOfA.Length / channels.Length;
    }

    /// <summary>(E[xy] − E[x] E[y]) / (σ_x σ_y) for unit i of A and j of B; 0 where one is constant.</summary>
    public double[] Correlations()
    {
        double[] result = new double[_products.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            for (int j = 0; j < channels.Length; j++)
            {
                double scale = Math.Sqrt(_a.Spread(i, _count)) * Math.Sqrt(_b.Spread(j, _count));
                int at = (i * channels.Length) + j;
                result[at] = scale > 0 ? (_products[at] - (_a.Values[i] * _b.Values[j] / _count)) / scale : 0;
            }
        }

        return result;
    }

    /// <summary>A row for each unit: its values at all places of all samples.</summary>
    private double[] Rows(double[] outputs)
    {
        int places = output.Height * output.Width, samples = outputs.Length / output.Size, width = samples * places;
        double[] rows = new double[channels.Length * width];
        for (int unit = 0; unit < channels.Length; unit++)
        {
            for (int sample = 0; sample < samples; sample++)
            {
                outputs.AsSpan((sample * output.Size) + (channels[unit] * places), places).CopyTo(rows.AsSpan((unit * width) + (sample * places)));
            }
        }

        return rows;
    }

    /// <summary>Σ x and Σ x² of one network's units, less the first value of each: so those of a constant are exactly 0, and few digits are lost.</summary>
    private sealed class Sums(int units)
    {
        private readonly double[] _squares = new double[units];
        private double[]? _origins;

        public double[] Values { get; } = new double[units];

        /// <summary>Moves the rows to their origins and adds them.</summary>
        public void Add(double[] rows)
        {
            int width = rows.Length / units;
            _origins ??= [.. Enumerable.Range(0, units).Select(unit => rows[unit * width])];
            for (int unit = 0; unit < units; unit++)
            {
                foreach (ref double value in rows.AsSpan(unit * width, width))
                {
                    value -= _origins[unit];
                    Values[unit] += value;
                    _squares[unit] += value * value;
                }
            }
        }

        /// <summary>n σ².</summary>
        public double Spread(int unit, long count) => Math.Max(_squares[unit] - (Values[unit] * Values[unit] / count), 0);
    }
}
