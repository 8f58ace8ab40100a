using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>Σ_i α_i A_i + λI.</summary>
internal class LinearCombination<T> : ISymmetricOperator<T>, IAnyPrecision where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (double Factor, ISymmetricOperator<T> Operator)[] _terms;
    private readonly double _shift;

    private LinearCombination((double, ISymmetricOperator<T>)[] terms, double shift) => (_terms, _shift) = (terms, shift);

    public long Dimension => _terms[0].Operator.Dimension;

    public IBackend Backend => _terms[0].Operator.Backend;

    /// <summary>The combination, with an exact diagonal where all terms have one; combinations among the terms are taken apart.</summary>
    public static LinearCombination<T> Of(IReadOnlyList<(double Factor, ISymmetricOperator<T> Operator)> terms, double shift)
    {
        long dimension = terms[0].Operator.Dimension;
        if (terms.FirstOrDefault(term => term.Operator.Dimension != dimension).Operator is { } other)
        {
            throw new QuotientException($"operators of dimensions {dimension} and {other.Dimension} cannot be added");
        }

        List<(double, ISymmetricOperator<T>)> flat = [];
        foreach (var (factor, a) in terms)
        {
            var inner = a as LinearCombination<T>;
            shift += factor * (inner?._shift ?? 0);
            flat.AddRange(inner?._terms.Select(term => (factor * term.Factor, term.Operator)) ?? [(factor, a)]);
        }

        return flat.TrueForAll(term => term.Item2 is IExactDiagonal<T>) ? new Exact([.. flat], shift) : new LinearCombination<T>([.. flat], shift);
    }

    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Backend.Gate.Enter();
        var ops = Backend.Ops<T>();
        using var scratch = _terms.Length > 1 ? Backend.AllocateRows<T>(v.Rows, Dimension) : null;
        foreach (var (i, (factor, a)) in _terms.Index())
        {
            var product = i == 0 ? result : scratch!.Rows(v.Rows, Dimension);
            a.ApplyBlock(v, product, null, cancellationToken);
            for (long row = 0; row < v.Rows; row++)
            {
                if (i > 0)
                {
                    ops.Axpy(factor, product.Row(row), result.Row(row));
                }
                else if (factor != 1)
                {
                    ops.Scale(factor, result.Row(row));
                }
            }

            progress?.Report((i + 1.0) / _terms.Length);
        }

        for (long row = 0; row < v.Rows && _shift != 0; row++)
        {
            ops.Axpy(_shift, v.Row(row), result.Row(row));
        }
    }

    public bool HasTwin => _terms.All(term => term.Operator is IAnyPrecision { HasTwin: true });

    public ISymmetricOperator<TOther>? In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        var twins = new List<(double, ISymmetricOperator<TOther>)>();
        foreach (var (factor, a) in _terms)
        {
            if ((a as IAnyPrecision)?.In<TOther>(owned, cancellationToken) is not { } twin)
            {
                return null;
            }

            twins.Add((factor, twin));
        }

        return LinearCombination<TOther>.Of(twins, _shift);
    }

    /// <summary>The same, of operators whose diagonals are known. Costs are as if the terms' products cost the same.</summary>
    private sealed class Exact((double, ISymmetricOperator<T>)[] terms, double shift) : LinearCombination<T>(terms, shift), IExactDiagonal<T>
    {
        public double DiagonalCost => Known.Average(term => term.A.DiagonalCost);

        public double TraceCost => Known.Average(term => term.A.TraceCost);

        private IEnumerable<(double Factor, IExactDiagonal<T> A)> Known => _terms.Select(term => (term.Factor, (IExactDiagonal<T>)term.Operator));

        public void Diagonal(VectorView<T> diagonal, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        {
            using var pass = Backend.Gate.Enter();
            using var scratch = Backend.Allocate<T>(Dimension);
            Backend.Ops<T>().Fill(diagonal, _shift);
            foreach (var (factor, a) in Known)
            {
                a.Diagonal(scratch.All, progress, cancellationToken);
                Backend.Ops<T>().Axpy(factor, scratch.All, diagonal);
            }
        }

        public double Trace(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        {
            using var pass = Backend.Gate.Enter();
            return Known.Sum(term => term.Factor * term.A.Trace(progress, cancellationToken)) + (_shift * Dimension);
        }
    }
}
