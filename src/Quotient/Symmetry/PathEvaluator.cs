using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Measures;
using Quotient.Spectra;

namespace Quotient.Symmetry;

/// <summary>Evaluates one network along paths, several θ at once, on training data and test data if there are some.</summary>
internal sealed class PathEvaluator<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>θ that are evaluated at once, where memory allows: enough to fill a device, few enough to stop between.</summary>
    private const int MostMembers = 16;

    private readonly IBackend _backend;
    private readonly NetworkPlan<T> _plan;
    private readonly DeviceSamples<T> _train;
    private readonly DeviceSamples<T>? _test;
    private readonly DeviceBuffer<T> _thetas, _buffers;
    private readonly Evaluator<T> _evaluator;
    private readonly RunningStatistics<T>? _statistics;
    private readonly double[] _theta;
    private readonly int _members;

    public PathEvaluator(
        IBackend backend, PathEnds ends, Dataset train, Dataset? test, Loss loss, CancellationToken cancellationToken)
    {
        Compatibility.Check(ends.Network, train, loss);
        if (test is not null)
        {
            Compatibility.Check(ends.Network, test, loss);
        }

        _backend = backend;
        _theta = new double[ends.Network.ParameterCount];
        _plan = NetworkPlan<T>.Compile(ends.Network, backend, differentiates: false);
        int rows = Evaluator<T>.RowsThatFit(backend, _plan, test?.Count > train.Count ? test : train);
        _train = new(backend, train, loss, rows, 0, cancellationToken);
        _test = test is null ? null : new(backend, test, loss, rows, 0, cancellationToken);
        _members = ends.Recomputes ? 1 : MembersThatFit(rows);
        _thetas = backend.Allocate<T>((long)_members * _theta.Length);
        _buffers = backend.Store<T>(Array.ConvertAll(ends.Buffers, T.CreateChecked));
        _evaluator = new(backend, _plan, _buffers.All, loss, rows, _members);
        _statistics = ends.Recomputes ? new(backend, ends.Network, _train, rows, _buffers.All) : null;
    }

    private static Precision Precision => typeof(T) == typeof(double) ? Precision.Double : Precision.Single;

    /// <summary>The points of a path, evenly spaced; at its ends, which all orders share, there is no spread.</summary>
    public IReadOnlyList<PathPoint> Along(Way way, int points, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var places = PlacesOf(way, points);
        var found = new List<Found>();
        for (int first = 0; first < places.Count; first += _members)
        {
            int count = Math.Min(_members, places.Count - first);
            for (int j = 0; j < count; j++)
            {
                var (order, point) = places[first + j];
                way.At(order, point, points - 1, _theta);
                Write(_theta, j);
            }

            found.AddRange(Evaluate(count, cancellationToken));
            progress?.Report((double)(first + count) / places.Count);
        }

        var byPoint = places.Zip(found).ToLookup(pair => pair.First.Point, pair => pair.Second);
        return
        [
            .. Enumerable.Range(0, points).Select(k => PointOf(
                (double)k / (points - 1), [.. byPoint[k]], way.Orders is null ? double.NaN : k == 0 || k == points - 1 ? 0 : null)),
        ];
    }

    /// <summary>The running statistics at θ.</summary>
    public double[] StatisticsAt(double[] theta, CancellationToken cancellationToken)
    {
        Write(theta, 0);
        _statistics!.Compute(Thetas(1), cancellationToken);
        return Array.ConvertAll(_backend.Read(_buffers.All), double.CreateChecked);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _train.Dispose();
        _test?.Dispose();
        _thetas.Dispose();
        _buffers.Dispose();
        _evaluator.Dispose();
        _statistics?.Dispose();
    }

    /// <summary>The ends once, what is between them of each order, order by order.</summary>
    private static List<(int Order, int Point)> PlacesOf(Way way, int points) =>
    [
        (0, 0),
        .. from order in Enumerable.Range(0, way.Orders ?? 1)
           from point in Enumerable.Range(1, points - 2)
           select (order, point),
        (0, points - 1),
    ];

    private static PathPoint PointOf(double t, IReadOnlyList<Found> found, double? standardError)
    {
        return new(
            t, Estimate(one => one.Train.Loss)!.Value, Estimate(one => one.Train.Error), Estimate(one => one.Test?.Loss),
            Estimate(one => one.Test?.Error));

        EnergyEstimate? Estimate(Func<Found, double?> value)
        {
            if (value(found[0]) is null)
            {
                return null;
            }

            var (mean, error) = SampleMean.Of([.. found.Select(one => value(one)!.Value)]);
            return new(mean, standardError ?? error);
        }
    }

    private List<Found> Evaluate(int count, CancellationToken cancellationToken)
    {
        _statistics?.Compute(Thetas(1), cancellationToken);
        var train = _evaluator.Run(Thetas(count), _train, null, cancellationToken);
        var test = _test is null ? null : _evaluator.Run(Thetas(count), _test, null, cancellationToken);
        foreach (double loss in train.Concat(test ?? []).Select(one => one.Loss))
        {
            Overflow.Check(loss, "loss along the path", Precision);
        }

        return [.. train.Select((one, j) => new Found(one, test?[j]))];
    }

    private void Write(double[] theta, int member) => _backend.Write<T>(Array.ConvertAll(theta, T.CreateChecked), Thetas(_members).Row(member));

    private MatrixView<T> Thetas(int count) => _thetas.Matrix(count, _theta.Length);

    private unsafe int MembersThatFit(int rows)
    {
        long bytes = sizeof(T) * (_theta.Length + (rows * _plan.Signals.Evaluated.Width));
        return (int)Math.Clamp(_backend.AvailableMemory / 8 / bytes, 1, MostMembers);
    }

    private readonly record struct Found(Evaluation Train, Evaluation? Test);
}
