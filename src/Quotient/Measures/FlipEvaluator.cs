using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Spectra;

namespace Quotient.Measures;

/// <summary>Evaluates one binary network with some of its weights flipped, several choices at once.</summary>
internal sealed class FlipEvaluator<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>θ that differ in one weight, which share what comes before it: few enough to stop between.</summary>
    private const int MostSingles = 16;

    private readonly IBackend _backend;
    private readonly NetworkAtThetas<T> _at;
    private readonly T[] _signs;
    private readonly IReadOnlyList<NetworkTensor> _tensors, _real;
    private readonly Loss _loss;

    public FlipEvaluator(IBackend backend, Model model, Dataset data, Loss loss, bool isOfSingles, CancellationToken cancellationToken)
    {
        Compatibility.Check(model.Network, data, loss);
        (_backend, _loss) = (backend, loss);
        _tensors = [.. model.Network.Tensors.Where(tensor => tensor.IsBinary)];
        _real = [.. model.Network.Tensors.Where(tensor => !tensor.IsBinary)];
        QuotientException.ThrowIf(_tensors.Count == 0, $"the network {model.Network} has no binary weights to flip");
        double[] signs = model.AtBinaryWeights().Parameters;
        _signs = Array.ConvertAll(signs, T.CreateChecked);
        _at = new(backend, model, signs, data, loss, isOfSingles ? MostSingles : 0, cancellationToken);
    }

    public RandomFlips Random(RandomFlipOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (start, changes) = _at.Energies(
            options.Probabilities.Count, options.Draws,
            (index, draw, row) =>
            {
                // A stream of its own for each draw of each probability.
                ulong stream = RandomStreams.Flip + ((ulong)index << 40) + (ulong)draw;
                Flip(options.Probabilities[index], options.Seed, stream, row);
            },
            progress,
            cancellationToken);
        return new(start, [.. changes.Select((change, index) => new RandomFlipPoint(options.Probabilities[index], options.Draws, change.Error, change.Loss))]);
    }

    public SingleFlips Single(SingleFlipOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        long[] weights = Choose(options);
        var ops = _backend.Ops<T>();
        using var sums = _backend.Allocate<double>(2 * (weights.LongLength + 1));
        using var sweep = new FlipSweep<T>(_backend, _at.Plan, _at.Buffers, _loss, _at.Rows, _at.Members);
        for (int j = 0; j < _at.Members; j++)
        {
            ops.Copy(_at.Origin, _at.Thetas(_at.Members).Row(j));
        }

        new Sweep(_at.Rows).Sum(
            _at.Data.Count, sums.Matrix(1, sums.Length),
            (chunk, sum) =>
            {
                var all = sum.Row(0);
                sweep.Begin(_at.Thetas(1), _at.Data.Range(chunk.First, chunk.Count, cancellationToken), all.Slice(0, 2));
                for (int from = 0, count; from < weights.Length; from += count)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    int step = StepOf(weights[from]);
                    count = weights.Skip(from).Take(_at.Members).TakeWhile(weight => StepOf(weight) == step).Count();
                    Flip(weights, from, count, flipped: true);
                    sweep.Add(step, _at.Thetas(count), all.Slice(2L * (from + 1), 2L * count));
                    Flip(weights, from, count, flipped: false);
                    chunk.Report((double)(from + count) / weights.Length);
                }
            },
            progress,
            cancellationToken);

        return Collect(weights, sums.All);
    }

    public void Dispose() => _at.Dispose();

    /// <summary>θ ← the origin, each binary weight negated with probability p.</summary>
    private void Flip(double p, ulong seed, ulong stream, VectorView<T> theta)
    {
        var ops = _backend.Ops<T>();
        ops.Copy(_at.Origin, theta);
        ops.Flip(seed, stream, p, theta);
        foreach (var tensor in _real)
        {
            ops.Copy(_at.Origin.Slice(tensor.Offset, tensor.Size), theta.Slice(tensor.Offset, tensor.Size));
        }
    }

    /// <summary>Places in θ of binary weights, sorted: all, or a uniform sample without replacement.</summary>
    private long[] Choose(SingleFlipOptions options)
    {
        long all = _tensors.Sum(tensor => tensor.Size);
        var chosen = new SortedSet<long>();
        for (ulong draw = 0; chosen.Count < Math.Min(options.Count, all); draw++)
        {
            var (x, y, _, _) = Philox.Block(options.Seed, RandomStreams.FlipChoice, draw);
            chosen.Add(options.Count >= all ? (long)draw : (long)((((ulong)y << 32) | x) % (ulong)all));
        }

        return [.. chosen.Select(PlaceOf)];
    }

    /// <summary>The place in θ of the n-th binary weight.</summary>
    private long PlaceOf(long n)
    {
        foreach (var tensor in _tensors)
        {
            if (n < tensor.Size)
            {
                return tensor.Offset + n;
            }

            n -= tensor.Size;
        }

        throw new ArgumentOutOfRangeException(nameof(n));
    }

    private int StepOf(long weight) => _at.Plan.Steps.Index().First(
        entry => weight >= entry.Item.Offset && weight < entry.Item.Offset + entry.Item.Stage.ParameterCount).Index;

    /// <summary>Row j of thetas has weight from + j flipped, or as it was.</summary>
    private void Flip(long[] weights, int from, int count, bool flipped)
    {
        for (int j = 0; j < count; j++)
        {
            long weight = weights[from + j];
            _backend.Write<T>([flipped ? -_signs[weight] : _signs[weight]], _at.Thetas(_at.Members).Row(j).Slice(weight, 1));
        }
    }

    private SingleFlips Collect(long[] weights, VectorView<double> sums)
    {
        double[] host = _backend.Read(sums);
        var all = Enumerable.Range(0, weights.Length + 1).Select(i => Evaluator<T>.ResultOf(host[2 * i], host[(2 * i) + 1], _at.Data)).ToList();
        return new(all[0], [.. weights.Select((weight, i) => new SingleFlip(
            weight, _at.Plan.Steps[StepOf(weight)].Name, all[i + 1].Error - all[0].Error, all[i + 1].Loss - all[0].Loss))]);
    }
}
