using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>An orthonormal basis Q of A S for a few Rademacher vectors S, and tr QᵀAQ: the first two thirds of Hutch++.</summary>
internal sealed class Sketch<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ISymmetricOperator<T> _operator;
    private readonly KrylovSpace<T> _space;
    private readonly DeviceBuffer<T> _inputs, _products;
    private readonly DeviceBuffer<double> _dots;
    private readonly int _block;

    /// <summary>Sketches with <paramref name="count"/> vectors; where A has lower rank, Q has fewer.</summary>
    public Sketch(ISymmetricOperator<T> a, int count, TraceOptions options, CancellationToken cancellationToken)
    {
        (_operator, _block) = (a, Math.Min(options.BlockSize, count));
        _space = new(a, count, 1, options.Seed);
        _inputs = a.Backend.Allocate<T>(_block * a.Dimension);
        _products = a.Backend.Allocate<T>(_block * a.Dimension);
        _dots = a.Backend.Allocate<double>(_block);
        for (int first = 0; first < count; first += _block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddBlock(options.Seed, first, Math.Min(_block, count - first), cancellationToken);
        }

        for (int first = 0; first < _space.Rows; first += _block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Trace += TraceOf(_space.Basis.RowRange(first, Math.Min(_block, _space.Rows - first)), cancellationToken);
        }
    }

    /// <summary>Q by rows; null where A S is 0.</summary>
    public MatrixView<T>? Basis => _space.Rows > 0 ? _space.Basis : null;

    /// <summary>tr QᵀAQ.</summary>
    public double Trace { get; }

    /// <summary>Products that it took.</summary>
    public int Products { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _space.Dispose();
        _inputs.Dispose();
        _products.Dispose();
        _dots.Dispose();
    }

    private void AddBlock(ulong seed, int first, int count, CancellationToken cancellationToken)
    {
        var signs = _inputs.Matrix(count, _operator.Dimension);
        for (int i = 0; i < count; i++)
        {
            _operator.Backend.Ops<T>().Rademacher(seed, RandomStreams.Sketch + (ulong)(first + i), signs.Row(i));
        }

        var products = Multiply(signs, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            _space.Add(products.Row(i));
        }
    }

    private double TraceOf(MatrixView<T> q, CancellationToken cancellationToken)
    {
        var products = Multiply(q, cancellationToken);
        for (int i = 0; i < q.Rows; i++)
        {
            _operator.Backend.Ops<T>().Dot(q.Row(i), products.Row(i), _dots.Slice(i, 1));
        }

        var dots = new double[q.Rows];
        _operator.Backend.Read(_dots.Slice(0, q.Rows), dots);
        return dots.Sum();
    }

    private MatrixView<T> Multiply(MatrixView<T> v, CancellationToken cancellationToken)
    {
        var products = _products.Matrix(v.Rows, _operator.Dimension);
        _operator.ApplyBlock(v, products, null, cancellationToken);
        Products += (int)v.Rows;
        return products;
    }
}
