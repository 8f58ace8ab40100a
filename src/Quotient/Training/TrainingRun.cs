using System.Diagnostics;
using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Networks.Layers;
using Quotient.Results;
using Quotient.Training.Starts;

namespace Quotient.Training;

/// <summary>One training, from its start or checkpoint to its end.</summary>
internal sealed class TrainingRun<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MillisecondsBetweenReports = 100;

    private readonly Stopwatch _total = Stopwatch.StartNew(), _stepping = new();
    private readonly IBackend _backend;
    private readonly TrainingOptions _options;
    private readonly NetworkPlan<T> _plan, _outputs;
    private readonly DeviceSamples<T> _train;
    private readonly DeviceSamples<T>? _test;
    private readonly Evaluator<T> _evaluator;
    private readonly BatchObjective<T> _objective;
    private readonly IOptimiser<T> _optimiser;
    private readonly DeviceBuffer<T> _theta, _buffers;
    private readonly DeviceBuffer<double> _squaredNorm;
    private readonly int _batchSize, _stepsPerEpoch;
    private readonly List<EpochRecord> _epochs = [];
    private Checkpoint _checkpoint;
    private double? _runningLoss;
    private long _lastReport;
    private int _epoch, _firstEpoch;

    /// <summary>Loads the data. An adversarial start that led to where θ starts is for the log.</summary>
    public TrainingRun(
        IBackend backend, Model model, Dataset train, Dataset? test, TrainingOptions options, AdversarialStart? start = null,
        CancellationToken cancellationToken = default)
    {
        Check(model.Network, train, test, options);
        (_backend, _options) = (backend, options);
        _plan = NetworkPlan<T>.Compile(model.Network, backend);
        _outputs = NetworkPlan<T>.Compile(model.Network, backend, differentiates: false);
        _batchSize = Math.Min(options.BatchSize, train.Count);
        _stepsPerEpoch = (train.Count + _batchSize - 1) / _batchSize;
        int rows = Evaluator<T>.RowsAtOnce(backend, _plan, Math.Max(train.Count, test?.Count ?? 0));
        int replicas = options.Optimiser.Replicas, rowsOfReplica = BatchObjective<T>.RowsAtOnce(_plan, replicas, _batchSize, rows);
        int gathered = Math.Max(rows, replicas * rowsOfReplica);
        _train = new(backend, train, options.Loss, gathered, options.MemoryBudget, cancellationToken);
        _test = test is null ? null : new(backend, test, options.Loss, rows, options.MemoryBudget, cancellationToken);
        _theta = backend.Store<T>(Array.ConvertAll(model.Parameters, T.CreateChecked));
        _buffers = backend.Store<T>(Array.ConvertAll(model.Buffers, T.CreateChecked));
        _evaluator = new(backend, _outputs, _buffers.All, options.Loss, rows);
        _objective = new(backend, _plan, _buffers.All, options.Loss, _train, replicas, _batchSize, rowsOfReplica);
        _optimiser = options.Optimiser.Start<T>(new(
            backend, model.Network, DrawStart, (theta, token) => _evaluator.Run(theta, _train, null, token).Loss));
        _squaredNorm = backend.Allocate<double>(1);
        string FingerprintOf(Dataset? data) =>
            data is null || options.Checkpoint is null ? "" : Fingerprint.Of<T>(data, cancellationToken);
        var state = _optimiser.State.Select(part => (part.Name, part.Values.Length));
        _checkpoint = new(model.Network, NewLog(train, start), FingerprintOf(train), FingerprintOf(test), 0, [.. state], []);
    }

    /// <summary>Called after each checkpoint.</summary>
    public Action? Saved { get; init; }

    /// <summary>What a checkpoint holds, in its order.</summary>
    private IEnumerable<VectorView<T>> Kept => [_theta.All, _buffers.All, .. _optimiser.State.Select(part => part.Values)];

    private double Rate => _options.Optimiser.Rate * _options.Schedule.Factor(_epoch);

    private bool IsDone => _epoch >= _options.Epochs || (_epochs.Count > 0 && _epochs[^1].TrainError <= ErrorToReach);

    private double ErrorToReach => _options.StopAtZeroTrainError ? 0 : _options.StopAtTrainError ?? -1;

    public TrainingResult Run(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (_options.Resume)
        {
            Resume(cancellationToken);
        }

        while (!IsDone)
        {
            _epoch++;
            TakeSteps(progress, cancellationToken);
            CheckFinite();
            Evaluate(cancellationToken);
            Save();
            Report(progress, _stepsPerEpoch);
        }

        return Result();
    }

    public void Dispose()
    {
        _plan.Dispose();
        _outputs.Dispose();
        _train.Dispose();
        _test?.Dispose();
        _evaluator.Dispose();
        _objective.Dispose();
        _optimiser.Dispose();
        _theta.Dispose();
        _buffers.Dispose();
        _squaredNorm.Dispose();
    }

    private static void Check(Network network, Dataset train, Dataset? test, TrainingOptions options)
    {
        options.Check();
        options.Optimiser.CheckNetwork(network);
        Compatibility.Check(network, train, options.Loss);
        if (test is not null)
        {
            Compatibility.Check(network, test, options.Loss);
        }

        QuotientException.ThrowIf(
            (long)options.Optimiser.Replicas * train.Count > Array.MaxLength,
            $"{options.Optimiser.Replicas} replicas of the {train.Count} samples of {train.Name} are more than {Array.MaxLength} samples an epoch");
        QuotientException.ThrowIf(
            options.Optimiser.Replicas > 1 && network.Nodes.Any(node => node.Layer is BatchNorm),
            $"the network {network} has batch norms, whose running statistics would be those of several replicas: train it with one");
        CheckBatchNorms(network, train.Count, options);
        QuotientException.ThrowIf(
            options.StopAtZeroTrainError && train.Classes == 0,
            $"{train.Name} has real targets, so training cannot stop at zero training error: that needs classes");
    }

    /// <summary>A mini-batch that has one value of a channel has no variance of it: known before the first step.</summary>
    private static void CheckBatchNorms(Network network, int samples, TrainingOptions options)
    {
        int batch = Math.Min(options.BatchSize, samples), last = samples % batch == 0 ? batch : samples % batch;
        if (Math.Min(batch, last) == 1
            && network.Nodes.Zip(network.Shapes).FirstOrDefault(pair => pair.First.Layer is BatchNorm && !pair.Second.IsImage)
                is { First: { } node })
        {
            throw new QuotientException(
                $"layer {Text.Quote(node.Name)} is a batch norm of single values, and the last mini-batch would have one sample, which has no variance: " +
                $"choose a batch size other than {options.BatchSize}");
        }
    }

    private void TakeSteps(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _stepping.Start();
        double rate = Rate;
        long before = (long)(_epoch - 1) * _stepsPerEpoch;
        _objective.Begin(_options.Shuffled ? _options.Seed : null, _epoch);
        for (int step = 0; step < _stepsPerEpoch; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int first = step * _batchSize;
            _objective.Select(first, Math.Min(_batchSize, _train.Count - first));
            _optimiser.Step(_objective, _theta.All, new(rate, _epoch, before + step + 1), cancellationToken);
            if (Environment.TickCount64 - _lastReport >= MillisecondsBetweenReports)
            {
                Report(progress, step + 1);
            }
        }

        _backend.Ops<T>().Dot(_theta.All, _theta.All, _squaredNorm.All);
        _runningLoss = _objective.MeanLoss();
        _stepping.Stop();
    }

    private void CheckFinite()
    {
        RequireFinite("mean loss of its mini-batches", _runningLoss!.Value);
        RequireFinite("norm of the parameters after it", Math.Sqrt(_backend.Read(_squaredNorm.All)[0]));
    }

    private void Evaluate(CancellationToken cancellationToken)
    {
        if (_epoch % _options.EvaluateEvery == 0 || _epoch == _options.Epochs)
        {
            var train = _evaluator.Run(_theta.All, _train, null, cancellationToken);
            var test = _test is null ? null : _evaluator.Run(_theta.All, _test, null, cancellationToken);
            RequireFinite("training loss after it", train.Loss);
            RequireFinite("test loss after it", test?.Loss ?? 0);
            _epochs.Add(new(_epoch, train.Loss, train.Error ?? double.NaN, test?.Loss, test?.Error));
        }
    }

    private void Save()
    {
        if (_options.Checkpoint is { } path && (_epoch % _options.CheckpointEvery == 0 || IsDone))
        {
            _checkpoint = _checkpoint with { Log = Log(), Epoch = _epoch, Values = [.. Kept.SelectMany(Read)] };
            _checkpoint.Write(path);
            Saved?.Invoke();
        }
    }

    private void Resume(CancellationToken cancellationToken)
    {
        string path = _options.Checkpoint!;
        _checkpoint = Checkpoint.Read(path, _checkpoint);
        QuotientException.ThrowIf(
            _checkpoint.Epoch > _options.Epochs,
            $"checkpoint '{path}' has {_checkpoint.Epoch} epochs behind it, but only {_options.Epochs} are asked for");

        _epoch = _firstEpoch = _checkpoint.Epoch;
        _epochs.AddRange(_checkpoint.Log.Epochs);
        int at = 0;
        foreach (var part in Kept)
        {
            _backend.Write<T>(Array.ConvertAll(_checkpoint.Values[at..(at + (int)part.Length)], T.CreateChecked), part);
            at += (int)part.Length;
        }

        if (IsDone && (_epochs.Count == 0 || _epochs[^1].Epoch != _epoch))
        {
            // More epochs were asked for when this one was kept, so that it was not evaluated.
            Evaluate(cancellationToken);
        }
    }

    private double[] Read(VectorView<T> view) => Array.ConvertAll(_backend.Read(view), double.CreateChecked);

    private void RequireFinite(string what, double value) => QuotientException.ThrowIf(
        !double.IsFinite(value),
        $"training diverged in epoch {_epoch}: the {what} is {value}; choose a learning rate smaller than {Rate}, or data and weight decay of a usual size");

    private void Report(IProgress<TrainingProgress>? progress, int step)
    {
        _lastReport = Environment.TickCount64;
        progress?.Report(new(
            _epoch, _options.Epochs, step, _stepsPerEpoch, _runningLoss, _epochs.Count > 0 ? _epochs[^1] : null, _options.Stage));
    }

    private TrainingResult Result() => new()
    {
        Model = new(_checkpoint.Network, Read(_theta.All), _checkpoint.Log.Precision, Read(_buffers.All))
        {
            Metadata = new Dictionary<string, string> { [TrainingLog.Key] = Log().Write() },
        },
        Log = Log(),
        LastEpoch = _epoch,
        Steps = (long)(_epoch - _firstEpoch) * _stepsPerEpoch,
        StepSeconds = _stepping.Elapsed.TotalSeconds,
        Seconds = _total.Elapsed.TotalSeconds,
    };

    private void DrawStart(int replica, VectorView<T> point)
    {
        ulong seed = DerivedSeed.OfReplica(_options.Seed, replica);
        var model = Model.Initialise(_checkpoint.Network, _options.Initialisation, seed, _checkpoint.Log.Precision);
        _backend.Write<T>(Array.ConvertAll(model.Parameters, T.CreateChecked), point);
    }

    private TrainingLog Log() => _checkpoint.Log with { Epochs = [.. _epochs] };

    private TrainingLog NewLog(Dataset train, AdversarialStart? start) => new()
    {
        Data = train.Name,
        Start = start,
        Loss = _options.Loss.Name,
        BatchSize = _batchSize,
        Optimiser = _options.Optimiser.Text,
        Schedule = _options.Schedule.Text,
        Order = _options.Shuffled ? FormattableString.Invariant($"seed {_options.Seed}") : "own",
        Precision = typeof(T) == typeof(double) ? Precision.Double : Precision.Single,
    };
}
