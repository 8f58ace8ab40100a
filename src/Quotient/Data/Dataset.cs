using System.Numerics;
using Quotient.Networks;

namespace Quotient.Data;

/// <summary>Samples with labels (classification) or targets (regression), on the host.</summary>
public sealed class Dataset
{
    private readonly SampleStore _inputs;
    private readonly SampleStore? _targets;
    private readonly int[]? _labels;

    private Dataset(string name, Shape sample, SampleStore inputs, int[]? labels, int classes, SampleStore? targets)
    {
        (Name, Sample, _inputs, _labels, Classes, _targets) = (name, sample, inputs, labels, classes, targets);
    }

    /// <summary>The words it was asked for by, such as <c>mnist:train[0:2000]</c>.</summary>
    public string Name { get; }

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
        name, Sample, _inputs.Slice(first, count), _labels?[first..(first + count)], Classes, _targets?.Slice(first, count));

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

    private static void CheckCounts(string name, Shape sample, SampleStore inputs, int targets)
    {
        if (inputs.Count == 0)
        {
            throw new QuotientException($"{name}: there are no samples");
        }

        if (inputs.Width != sample.Size)
        {
            throw new QuotientException($"{name}: samples have {inputs.Width} values, expected {sample.Size}");
        }

        if (inputs.Count != targets)
        {
            throw new QuotientException($"{name}: there are {inputs.Count} samples but {targets} labels or targets");
        }
    }
}
