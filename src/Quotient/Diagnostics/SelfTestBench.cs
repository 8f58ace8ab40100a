using System.Numerics;
using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>The buffers of one check on one backend. Every bench draws the same numbers in the same order.</summary>
internal sealed class SelfTestBench<T>(IBackend backend) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Random _random = new(1);
    private readonly List<IDisposable> _buffers = [];

    public IBackend Backend { get; } = backend;

    public IOps<T> Ops { get; } = backend.Ops<T>();

    /// <summary>Uniform numbers in (−1, 1).</summary>
    public VectorView<T> Vector(long n) => Filled(n, () => T.CreateChecked((2 * _random.NextDouble()) - 1));

    public MatrixView<T> Matrix(long rows, long columns) => Vector(rows * columns).AsMatrix(rows, columns);

    public MatrixBatch<T> Batch(int count, long rows, long columns) =>
        new(Vector(count * rows * columns).Slice(0, rows * columns).AsMatrix(rows, columns), count, rows * columns);

    /// <summary>Rows of positive numbers that each sum to 1.</summary>
    public MatrixView<T> Distributions(long rows, int columns)
    {
        double[] row = new double[columns];
        int at = columns;
        return Filled(rows * columns, () =>
        {
            if (at == columns)
            {
                row = [.. row.Select(_ => 0.01 + _random.NextDouble())];
                at = 0;
            }

            return T.CreateChecked(row[at++] / row.Sum());
        }).AsMatrix(rows, columns);
    }

    public VectorView<int> Labels(long n, int classes) => Filled(n, () => _random.Next(classes));

    public VectorView<double> Doubles(long n) => Filled(n, () => (2 * _random.NextDouble()) - 1);

    /// <summary>NaNs, which a result must replace.</summary>
    public VectorView<T> Poison(long n) => Filled(n, () => T.NaN);

    public MatrixView<T> Poison(long rows, long columns) => Poison(rows * columns).AsMatrix(rows, columns);

    public VectorView<double> PoisonedDoubles(long n) => Filled(n, () => double.NaN);

    /// <summary>Waits, and copies to the host.</summary>
    public double[] Read<TElement>(VectorView<TElement> view) where TElement : unmanaged, INumberBase<TElement>
    {
        var host = new TElement[view.Length];
        Backend.Read(view, host.AsSpan());
        return Array.ConvertAll(host, double.CreateChecked);
    }

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private VectorView<TElement> Filled<TElement>(long n, Func<TElement> next) where TElement : unmanaged
    {
        var values = new TElement[n];
        foreach (ref var value in values.AsSpan())
        {
            value = next();
        }

        var buffer = Backend.Allocate<TElement>(n);
        _buffers.Add(buffer);
        Backend.Write<TElement>(values, buffer.All);
        return buffer.All;
    }
}
