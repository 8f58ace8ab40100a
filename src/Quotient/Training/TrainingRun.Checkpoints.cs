using Quotient.Backends;

namespace Quotient.Training;

internal sealed partial class TrainingRun<T>
{
    /// <summary>What a checkpoint holds, in its order.</summary>
    private IEnumerable<VectorView<T>> Kept => [_theta.All, _buffers.All, .. _optimiser.State.Select(part => part.Values)];

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
        if (_checkpoint.Epoch > _options.Epochs)
        {
            throw new QuotientException(
                $"checkpoint '{path}' has {_checkpoint.Epoch} epochs behind it, but only {_options.Epochs} are asked for");
        }

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

    private double[] Read(VectorView<T> view)
    {
        var host = new T[view.Length];
        _backend.Read(view, host.AsSpan());
        return Array.ConvertAll(host, double.CreateChecked);
    }
}
