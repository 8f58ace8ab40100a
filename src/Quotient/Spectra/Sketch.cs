using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>An orthonormal basis Q of A S for a few Rademacher vectors S, and tr QᵀAQ: the first two thirds of Hutch++.</summary>
internal sealed class Sketch<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly InnerProduct<T> _inner;
    private readonly KrylovBasis<T> _basis;
    private readonly DeviceBuffer<T> _inputs, _products;
    private readonly DeviceBuffer<double> _dots;
    private readonly int _block;

    /// <summary>Sketches with <paramref name="count"/> vectors; where A has lower rank, Q has fewer.</summary>
    public Sketch(ISymmetricOperator<T> a, int count, TraceOptions options, IMetric<T>? metric, CancellationToken cancellationToken)
    {
        _block = Math.Min(options.BlockSize, count);
        _inner = new(a, metric, _block);
        _basis = new(_inner, count, 1, int.MaxValue);
        _inputs = a.Backend.AllocateRows<T>(_block, a.Dimension);
        _products = a.Backend.AllocateRows<T>(_block, a.Dimension);
        _dots = a.Backend.Allocate<double>(_block);
        for (int first = 0; first < count; first += _block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddBlock(options.Seed, first, Math.Min(_block, count - first), cancellationToken);
        }

        for (int first = 0; first < _basis.Count; first += _block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Trace += TraceOf(_basis.Vectors.RowRange(first, Math.Min(_block, _basis.Count - first)), cancellationToken);
        }
    }

    /// <summary>Q by rows; null where A S is 0.</summary>
    public MatrixView<T>? Basis => _basis.Count > 0 ? _basis.Vectors : null;

    /// <summary>tr QᵀAQ.</summary>
    public double Trace { get; }

    /// <summary>Products that it took.</summary>
    public int Products { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _basis.Dispose();
        _inner.Dispose();
        _inputs.Dispose();
        _products.Dispose();
        _dots.Dispose();
    }

    private void AddBlock(ulong seed, int first, int count, CancellationToken cancellationToken)
    {
        var signs = _inputs.Rows(count, _basis.Dimension);
        for (int i = 0; i < count; i++)
        {
            _inner.Operator.Backend.Ops<T>().Rademacher(seed, RandomStreams.Sketch + (ulong)(first + i), signs.Row(i));
            _inner.MakeIsotropic(signs.Row(i), cancellationToken);
        }

        var products = _products.Rows(count, _basis.Dimension);
        _inner.Multiply(signs, products, cancellationToken);
        Products += count;
        for (int i = 0; i < count; i++)
        {
            if (_basis.TryPlace(products.Row(i)))
            {
                _basis.Claim();
            }
        }
    }

    private double TraceOf(MatrixView<T> q, CancellationToken cancellationToken)
    {
        var a = _inner.Operator;
        var products = _products.Rows(q.Rows, a.Dimension);
        a.ApplyBlock(q, products, null, cancellationToken);
        Products += (int)q.Rows;
        for (int i = 0; i < q.Rows; i++)
        {
            a.Backend.Ops<T>().Dot(q.Row(i), products.Row(i), _dots.Slice(i, 1));
        }

        var dots = new double[q.Rows];
        a.Backend.Read(_dots.Slice(0, q.Rows), dots);
        return dots.Sum();
    }
}
