using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Spectra;

namespace Quotient.Measures;

/// <summary>Evaluates one binary network with some of its weights flipped, several choices at once.</summary>
internal sealed class FlipEvaluator<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>θ that are evaluated at once, where memory allows: enough to fill a device, few enough to stop between.</summary>
    private const int MostMembers = 16;

    private readonly IBackend _backend;
    private readonly NetworkPlan<T> _plan;
    private readonly DeviceSamples<T> _data;
    private readonly DeviceBuffer<T> _thetas, _buffers;
    private readonly T[] _signs;
    private readonly IReadOnlyList<NetworkTensor> _tensors;
    private readonly Loss _loss;
    private readonly int _rows, _members;

    public FlipEvaluator(IBackend backend, Model model, Dataset data, Loss loss, CancellationToken cancellationToken)
    {
        Compatibility.Check(model.Network, data, loss);
        (_backend, _loss) = (backend, loss);
        _tensors = [.. model.Network.Tensors.Where(tensor => tensor.IsBinary)];
        QuotientException.ThrowIf(_tensors.Count == 0, $"the network {model.Network} has no binary weights to flip");

        _signs = Array.ConvertAll(model.AtBinaryWeights().Parameters, T.CreateChecked);
        _plan = NetworkPlan<T>.Compile(model.Network, backend, differentiates: false);
        _rows = Evaluator<T>.RowsThatFit(backend, _plan, data);
        _data = new(backend, data, loss, _rows, 0, cancellationToken);
        _members = MembersThatFit();
        _thetas = backend.Allocate<T>((long)_members * _signs.Length);
        _buffers = backend.Store<T>(Array.ConvertAll(model.Buffers, T.CreateChecked));
    }

    public RandomFlips Random(RandomFlipOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var evaluator = new Evaluator<T>(_backend, _plan, _buffers.All, _loss, _rows, _members);
        _backend.Write<T>(_signs, Thetas(1).AsVector());
        var start = evaluator.Run(Thetas(1), _data, null, cancellationToken)[0];
        var points = new List<RandomFlipPoint>();
        foreach (var (index, p) in options.Probabilities.Index())
        {
            var found = new List<Evaluation>();
            for (int first = 0; first < options.Draws; first += _members)
            {
                int count = Math.Min(_members, options.Draws - first);
                for (int j = 0; j < count; j++)
                {
                    // A stream of its own for each draw of each probability.
                    ulong stream = RandomStreams.Flip + ((ulong)index << 40) + (ulong)(first + j);
                    _backend.Write<T>(Draw(p, options.Seed, stream), Thetas(count).Row(j));
                }

                found.AddRange(evaluator.Run(Thetas(count), _data, null, cancellationToken));
                progress?.Report((((double)(first + count) / options.Draws) + index) / options.Probabilities.Count);
            }

            points.Add(new(
                p, options.Draws, start.Error is { } error ? Estimate(found, one => one.Error!.Value - error) : null,
                Estimate(found, one => one.Loss - start.Loss)));
        }

        return new(start, points);
    }

    public SingleFlips Single(SingleFlipOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        long[] weights = Choose(options);
        using var sums = _backend.Allocate<double>(2 * (weights.LongLength + 1));
        using var sweep = new FlipSweep<T>(_backend, _plan, _buffers.All, _loss, _rows, _members);
        for (int j = 0; j < _members; j++)
        {
            _backend.Write<T>(_signs, Thetas(_members).Row(j));
        }

        new Sweep(_rows).Sum(
            _data.Count, sums.Matrix(1, sums.Length),
            (chunk, sum) =>
            {
                var all = sum.Row(0);
                sweep.Begin(Thetas(1), _data.Range(chunk.First, chunk.Count, cancellationToken), all.Slice(0, 2));
                for (int from = 0, count; from < weights.Length; from += count)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    int step = StepOf(weights[from]);
                    count = weights.Skip(from).Take(_members).TakeWhile(weight => StepOf(weight) == step).Count();
                    Flip(weights, from, count, flipped: true);
                    sweep.Add(step, Thetas(count), all.Slice(2L * (from + 1), 2L * count));
                    Flip(weights, from, count, flipped: false);
                    chunk.Report((double)(from + count) / weights.Length);
                }
            },
            progress,
            cancellationToken);

        return Collect(weights, sums.All);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _data.Dispose();
        _thetas.Dispose();
        _buffers.Dispose();
    }

    private static EnergyEstimate Estimate(List<Evaluation> found, Func<Evaluation, double> change)
    {
        var (mean, error) = SampleMean.Of([.. found.Select(change)]);
        return new(mean, error);
    }

    private MatrixView<T> Thetas(int count) => _thetas.Matrix(count, _signs.Length);

    private unsafe int MembersThatFit()
    {
        long bytes = sizeof(T) * (_signs.Length + (_rows * _plan.Signals.Evaluated.Width));
        return (int)Math.Clamp(_backend.AvailableMemory / 8 / bytes, 1, MostMembers);
    }

    /// <summary>The signs, each binary one negated with probability p: where its Philox word is below p·2³².</summary>
    private T[] Draw(double p, ulong seed, ulong stream)
    {
        var theta = (T[])_signs.Clone();
        ulong limit = (ulong)Math.Round(p * (1UL << 32));
        foreach (var tensor in _tensors)
        {
            var part = theta.AsSpan(tensor.Range);
            for (int i = 0; i < part.Length; i += 4)
            {
                var (x, y, z, w) = Philox.Block(seed, stream, (ulong)(tensor.Offset + i));
                ReadOnlySpan<uint> words = [x, y, z, w];
                for (int k = 0; k < Math.Min(4, part.Length - i); k++)
                {
                    part[i + k] = words[k] < limit ? -part[i + k] : part[i + k];
                }
            }
        }

        return theta;
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

    private int StepOf(long weight) => _plan.Steps.Index().First(
        entry => weight >= entry.Item.Offset && weight < entry.Item.Offset + entry.Item.Stage.ParameterCount).Index;

    /// <summary>Row j of thetas has weight from + j flipped, or as it was.</summary>
    private void Flip(long[] weights, int from, int count, bool flipped)
    {
        for (int j = 0; j < count; j++)
        {
            long weight = weights[from + j];
            _backend.Write<T>([flipped ? -_signs[weight] : _signs[weight]], Thetas(_members).Row(j).Slice(weight, 1));
        }
    }

    private SingleFlips Collect(long[] weights, VectorView<double> sums)
    {
        double[] host = _backend.Read(sums);
        var all = Enumerable.Range(0, weights.Length + 1).Select(i => Evaluator<T>.ResultOf(host[2 * i], host[(2 * i) + 1], _data)).ToList();
        return new(all[0], [.. weights.Select((weight, i) => new SingleFlip(
            weight, _plan.Steps[StepOf(weight)].Name, all[i + 1].Error - all[0].Error, all[i + 1].Loss - all[0].Loss))]);
    }
}
