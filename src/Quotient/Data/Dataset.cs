using Quotient.Data;
using Quotient.Networks;

namespace Quotient;

/// <summary>Samples with labels (classification) or targets (regression), on the host.</summary>
public sealed class Dataset
{
    private readonly SampleStore _inputs;
    private readonly SampleStore? _targets;
    private readonly int[]? _labels;

    private Dataset(string name, Shape sample, SampleStore inputs, int[]? labels, int classes, SampleStore? targets) =>
        (Name, Sample, _inputs, _labels, Classes, _targets) = (name, sample, inputs, labels, classes, targets);

    /// <summary>The words that it was opened by, such as <c>mnist:train[0:2000]</c>.</summary>
    public string Name { get; }

    /// <summary>The files that it was read from, in words; null for generated samples and those made in memory.</summary>
    public string? Origin { get; private init; }

    /// <summary>The shape of one sample.</summary>
    public Shape Sample { get; }

    /// <summary>The number of samples.</summary>
    public int Count => _inputs.Count;

    /// <summary>The number of classes; 0 where the targets are real numbers.</summary>
    public int Classes { get; }

    /// <summary>Values in one target: the number of classes, or the width of a regression target.</summary>
    public int TargetWidth => _targets?.Width ?? Classes;

    /// <summary>The class of each sample; empty for regression.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Finds data by the words that name them: <c>source[:split][\[first:end\]]</c>.</summary>
    /// <param name="words">
    /// The source is a named set (<c>mnist</c>, <c>fashion-mnist</c>, <c>digits</c>, <c>cifar10</c>), a file (<c>file.npz</c>,
    /// <c>file.csv</c>) or a generator (<c>strokes</c>, <c>teacher</c>, <c>spirals</c>, <c>line</c>), whose parameters follow commas
    /// (<c>teacher,inputs=20</c>). Named sets and generators have the splits <c>train</c>, the default, and
    /// <c>test</c>. The selection is written as in Python, but all of its samples must exist.
    /// </param>
    /// <param name="options">Where to look; by default <c>QUOTIENT_DATA</c>, the user's cache, then the network.</param>
    /// <param name="progress">Receives a report for each part of a download that arrives.</param>
    /// <param name="cancellationToken">Stops a download and removes what it has written.</param>
    /// <exception cref="QuotientException">The words are not understood, or the data are missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">A download was cancelled.</exception>
    public static Dataset Open(
        string words, DataOptions? options = null, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        // The one place where the library waits for a task. Nothing in it continues on the caller's context, so it cannot wait for itself.
        OpenAsync(words, options, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>The same without waiting for downloads; files on this machine are read before it returns.</summary>
    /// <inheritdoc cref="Open"/>
    public static Task<Dataset> OpenAsync(
        string words, DataOptions? options = null, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        DataSource.OpenAsync(words, options ?? new(), progress, cancellationToken);

    /// <summary>
    /// The files that <see cref="Open"/> may read for these words, as far as they exist: a file and its name without split and selection, or
    /// those of a published set in every folder where it is looked for.
    /// </summary>
    public static IEnumerable<string> FilesOf(string words, DataOptions? options = null) =>
        Enumerable.Range(1, words.Length)
            .Where(end => end == words.Length || words[end] is ':' or '[').Select(end => words[..end]).Where(File.Exists)
            .Concat(Data.Published.Catalogue.FilesOf(words, options ?? new()));

    /// <summary>Samples that belong to classes 0 … <paramref name="classes"/> − 1.</summary>
    public static Dataset Classification(string name, Shape sample, SampleStore inputs, int[] labels, int classes)
    {
        CheckCounts(name, sample, inputs, labels.Length);
        int bad = Array.FindIndex(labels, label => label < 0 || label >= classes);
        return bad < 0
            ? new(name, sample, inputs, labels, classes, null)
            : throw new QuotientException(
                $"{name}: the label of sample {bad} is {labels[bad]}, outside the {classes} classes 0 to {classes - 1}");
    }

    /// <summary>Samples with real targets.</summary>
    public static Dataset Regression(string name, Shape sample, SampleStore inputs, SampleStore targets)
    {
        CheckCounts(name, sample, inputs, targets.Count);
        return new(name, sample, inputs, null, 0, targets);
    }

    /// <summary>Samples first … first + count − 1, sharing memory with this set.</summary>
    public Dataset Slice(int first, int count, string name) => new(
        name, Sample, _inputs.Slice(first, count), _labels?[first..(first + count)], Classes, _targets?.Slice(first, count))
    {
        Origin = Origin,
    };

    /// <summary>Copies count samples, row by row, converting to <typeparamref name="T"/>.</summary>
    public void CopyInputs<T>(int first, int count, Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T> =>
        _inputs.Slice(first, count).CopyTo(destination);

    /// <summary>Copies count targets, row by row; the targets of classes are one-hot rows.</summary>
    public void CopyTargets<T>(int first, int count, Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (_targets is not null)
        {
            _targets.Slice(first, count).CopyTo(destination);
            return;
        }

        destination.Clear();
        for (int i = 0; i < count; i++)
        {
            destination[(i * Classes) + _labels![first + i]] = T.One;
        }
    }

    /// <summary>The same set, with the files that it came from.</summary>
    internal Dataset From(string origin) => new(Name, Sample, _inputs, _labels, Classes, _targets) { Origin = origin };

    private static void CheckCounts(string name, Shape sample, SampleStore inputs, int targets)
    {
        QuotientException.ThrowIf(inputs.Count == 0, $"{name}: there are no samples");
        QuotientException.ThrowIf(
            inputs.Width != sample.Size, $"{name}: samples have {inputs.Width} values, expected {sample.Size}");
        QuotientException.ThrowIf(
            inputs.Count != targets, $"{name}: there are {inputs.Count} samples but {targets} labels or targets");
    }
}
