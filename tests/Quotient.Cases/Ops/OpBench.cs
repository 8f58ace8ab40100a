using System.Numerics;
using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>
/// The buffers of one case on one backend. The same seed makes the same buffers on every backend. Each lies inside a larger
/// one whose other elements are watched: around inputs they are NaN, which no result may catch; around outputs they must stay.
/// Benchmarks are not ragged: their buffers begin on a boundary, and rows lie next to each other.
/// </summary>
public sealed partial class OpBench<T>(IBackend backend, int seed, bool ragged = true) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Random _random = new(seed);
    private readonly List<IDisposable> _buffers = [];
    private readonly List<Func<Output>> _outputs = [];

    /// <summary>The operations under test.</summary>
    public IOps<T> Ops { get; } = backend.Ops<T>();

    /// <summary>Elements of all buffers made so far, with those around them.</summary>
    public long Elements { get; private set; }

    /// <summary>Normal random numbers.</summary>
    public VectorView<T> Input(long n) => Matrix(1, n, Normal, false).Row(0);

    /// <summary>Normal random numbers, in rows that may lie apart.</summary>
    public MatrixView<T> Input(long rows, long columns) => Matrix(rows, columns, Normal, true);

    /// <summary>Three whole numbers from the lowest on, so that many entries of a row are its largest.</summary>
    public MatrixView<T> Levels(long rows, long columns, int lowest = 0) => Matrix(rows, columns, () => lowest + _random.Next(3), true);

    /// <summary>Positive numbers, each row of which sums to one; in every other row one has nearly all.</summary>
    public MatrixView<T> Distributions(long rows, long columns)
    {
        var values = new Queue<double>();
        for (long row = 0; row < rows; row++)
        {
            double[] powers = [.. Enumerable.Range(0, (int)columns).Select(_ => Math.Exp((row % 2 == 0 ? 1 : 12) * Normal()))];
            double sum = powers.Sum();
            Array.ForEach(powers, power => values.Enqueue(power / sum));
        }

        return Matrix(rows, columns, values.Dequeue, true);
    }

    /// <summary>Normal random numbers that the operation may change; an output too.</summary>
    public VectorView<T> InOut(long n) => Watch(Matrix(1, n, Normal, false, Guard), 1).Row(0);

    /// <inheritdoc cref="InOut(long)"/>
    public MatrixView<T> InOut(long rows, long columns) => Watch(Matrix(rows, columns, Normal, true, Guard), 1);

    /// <summary>Squares of normal random numbers that the operation may change; an output too.</summary>
    public VectorView<T> PositiveInOut(long n) => Watch(Matrix(1, n, () => Math.Pow(Normal(), 2), false, Guard), 1).Row(0);

    /// <summary>NaNs that the operation must overwrite.</summary>
    public VectorView<T> Output(long n, double scale = 1) => Watch(Matrix(1, n, () => double.NaN, false, Guard), scale).Row(0);

    /// <inheritdoc cref="Output(long, double)"/>
    public MatrixView<T> Output(long rows, long columns, double scale = 1) =>
        Watch(Matrix(rows, columns, () => double.NaN, true, Guard), scale);

    /// <summary>NaNs that the operation must overwrite with what the reference computes, bit for bit.</summary>
    public MatrixView<T> ExactOutput(long rows, long columns) =>
        Watch(Matrix(rows, columns, () => double.NaN, true, Guard), 0, exact: true);

    /// <inheritdoc cref="ExactOutput(long, long)"/>
    public VectorView<T> ExactOutput(long n) => Watch(Matrix(1, n, () => double.NaN, false, Guard), 0, exact: true).Row(0);

    /// <summary>A matrix of which only the first rows are an output.</summary>
    public MatrixView<T> InOutOfFirst(long kept, long rows, long columns)
    {
        var matrix = Matrix(rows, columns, Normal, true, Guard);
        Watch(matrix.RowRange(0, kept), 1, false);
        return matrix;
    }

    /// <summary>An output that no two kinds of rows share: contiguous rows, for what is stacked or batched.</summary>
    public MatrixView<T> Packed(long rows, long columns, bool filled)
    {
        var vector = filled ? InOut(rows * columns) : Output(rows * columns);
        return vector.AsMatrix(rows, columns);
    }

    /// <summary>Doubles, an input.</summary>
    public VectorView<double> Doubles(long n) => InDouble().Input(n);

    /// <inheritdoc cref="Doubles(long)"/>
    public MatrixView<double> Doubles(long rows, long columns) => InDouble().Input(rows, columns);

    /// <summary>Doubles that the operation must overwrite.</summary>
    public VectorView<double> DoubleOutput(long n, double scale) => InDouble().Output(n, scale);

    /// <summary>Doubles to which the operation adds.</summary>
    public VectorView<double> DoubleInOut(long n) => InDouble().InOut(n);

    /// <summary>Integers in 0 … limit − 1.</summary>
    public VectorView<int> Indices(long n, int limit) => Integers(n, () => _random.Next(limit));

    /// <summary>Integers that the operation must overwrite.</summary>
    public VectorView<int> IntegerOutput(long n)
    {
        var view = Integers(n, () => -1);
        _outputs.Add(() =>
        {
            var values = new int[n];
            backend.Read(view, values);
            return new([.. values.Select(value => (double)value)], 1, null);
        });
        return view;
    }

    /// <summary>What the operation wrote, after it has run.</summary>
    public IReadOnlyList<Output> Outputs()
    {
        backend.Synchronise();
        return [.. _outputs.Select(read => read())];
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private static double Guard => -7.25;

    private OpBench<double> InDouble() => new OpBench<double>(backend, _random.Next(), ragged).Adopt(this);

    private OpBench<T> Adopt<TOwner>(OpBench<TOwner> owner) where TOwner : unmanaged, IFloatingPointIeee754<TOwner>
    {
        owner._buffers.Add(this);
        owner._outputs.Add(() => _outputs.Count > 0 ? _outputs[0]() : new([], 1, null));
        return this;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private VectorView<int> Integers(long n, Func<int> next)
    {
        var buffer = backend.Allocate<int>(n);
        _buffers.Add(buffer);
        backend.Write<int>([.. Enumerable.Range(0, (int)n).Select(_ => next())], buffer.All);
        return buffer.All;
    }

    private MatrixView<T> Matrix(long rows, long columns, Func<double> next, bool apart, double around = double.NaN)
    {
        int gap = _random.Next(2) * _random.Next(1, 20), start = _random.Next(1, 20);
        long stride = columns + (apart && ragged ? gap : 0), offset = ragged ? start : 0;
        var buffer = backend.Allocate<T>(offset + (rows * stride) + 20);
        _buffers.Add(buffer);
        Elements += buffer.Length;
        var values = new T[buffer.Length];
        Array.Fill(values, T.CreateChecked(around));
        for (long i = 0; i < rows * columns; i++)
        {
            values[offset + (i / columns * stride) + (i % columns)] = T.CreateChecked(next());
        }

        backend.Write<T>(values, buffer.All);
        return new(buffer, offset, rows, columns, stride);
    }

    private MatrixView<T> Watch(MatrixView<T> view, double scale, bool guarded = true, bool exact = false)
    {
        _outputs.Add(() =>
        {
            var all = new T[view.Buffer.Length];
            backend.Read(view.Buffer.All, all);
            var values = new double[view.Rows * view.Columns];
            string? overrun = null;
            for (long at = 0; at < all.Length; at++)
            {
                long place = at - view.Offset, i = place / view.Stride, j = place % view.Stride;
                if (place >= 0 && i < view.Rows && j < view.Columns)
                {
                    values[(i * view.Columns) + j] = double.CreateChecked(all[at]);
                }
                else if (guarded && all[at] != T.CreateChecked(Guard))
                {
                    overrun ??= $"element {place} of a {view.Rows} × {view.Columns} output with stride {view.Stride} "
                        + $"was written: {all[at]}";
                }
            }

            return new(values, scale, overrun) { IsExact = exact };
        });
        return view;
    }
}
