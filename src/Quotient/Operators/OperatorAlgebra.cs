using Quotient.Backends;

namespace Quotient.Operators;

/// <summary>Operators from operators. What a diagonal or a trace was known of stays known in sums, multiples and shifts.</summary>
public static class OperatorAlgebra
{
    /// <summary>A + λI.</summary>
    public static ISymmetricOperator<T> Shift<T>(this ISymmetricOperator<T> a, double lambda)
        where T : unmanaged, IFloatingPointIeee754<T> => LinearCombination<T>.Of([(1, a)], lambda);

    /// <summary>αA.</summary>
    public static ISymmetricOperator<T> Times<T>(this ISymmetricOperator<T> a, double alpha)
        where T : unmanaged, IFloatingPointIeee754<T> => LinearCombination<T>.Of([(alpha, a)], 0);

    /// <summary>A + βB.</summary>
    /// <exception cref="QuotientException">The dimensions differ.</exception>
    public static ISymmetricOperator<T> Plus<T>(this ISymmetricOperator<T> a, ISymmetricOperator<T> b, double beta = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => LinearCombination<T>.Of([(1, a), (beta, b)], 0);

    /// <summary>JᵀAJ: A in other coordinates, or restricted to the range of a matrix.</summary>
    /// <exception cref="QuotientException">J has not as many rows as A.</exception>
    public static ISymmetricOperator<T> PullBack<T>(this ISymmetricOperator<T> a, ILinearMap<T> map)
        where T : unmanaged, IFloatingPointIeee754<T> => map.Rows == a.Dimension
            ? new PullBack<T>(a, map)
            : throw new QuotientException($"the map gives vectors of {map.Rows} elements; the operator's dimension is {a.Dimension}");

    /// <summary>
    /// QAQ with Q = I − VᵀV: A without the directions of V's rows, which are orthonormal in the Euclidean inner product and stay the
    /// caller's.
    /// </summary>
    /// <exception cref="QuotientException">The rows have not A's dimension.</exception>
    public static ISymmetricOperator<T> Without<T>(this ISymmetricOperator<T> a, MatrixView<T> directions)
        where T : unmanaged, IFloatingPointIeee754<T> => directions.Columns == a.Dimension
            ? new Projected<T>(a, directions)
            : throw new QuotientException($"directions of {directions.Columns} elements cannot be projected out of dimension {a.Dimension}");
}

/// <summary>JᵀAJ by three products.</summary>
internal sealed class PullBack<T>(ISymmetricOperator<T> a, ILinearMap<T> map) : ISymmetricOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public long Dimension => map.Columns;

    public IBackend Backend => a.Backend;

    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Backend.Gate.Enter();
        using var images = Backend.AllocateRows<T>(2 * v.Rows, map.Rows);
        var rows = images.Rows(2 * v.Rows, map.Rows);
        var (jv, ajv) = (rows.RowRange(0, v.Rows), rows.RowRange(v.Rows, v.Rows));
        map.ApplyBlock(v, jv, null, cancellationToken);
        a.ApplyBlock(jv, ajv, progress, cancellationToken);
        map.ApplyTransposeBlock(ajv, result, null, cancellationToken);
    }
}

/// <summary>QAQ, Q = I − VᵀV.</summary>
internal sealed class Projected<T>(ISymmetricOperator<T> a, MatrixView<T> directions) : ISymmetricOperator<T>, IAnyPrecision
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public long Dimension => a.Dimension;

    public IBackend Backend => a.Backend;

    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Backend.Gate.Enter();
        using var copy = Backend.AllocateRows<T>(v.Rows, Dimension);
        var qv = copy.Rows(v.Rows, Dimension);
        for (long i = 0; i < v.Rows; i++)
        {
            Backend.Ops<T>().Copy(v.Row(i), qv.Row(i));
        }

        Project(qv);
        a.ApplyBlock(qv, result, progress, cancellationToken);
        Project(result);
    }

    public bool HasTwin => a is IAnyPrecision { HasTwin: true };

    public ISymmetricOperator<TOther>? In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        if ((a as IAnyPrecision)?.In<TOther>(owned, cancellationToken) is not { } twin)
        {
            return null;
        }

        using var pass = Backend.Gate.Enter();
        var copy = Backend.AllocateRows<TOther>(directions.Rows, Dimension);
        owned.Add(copy);
        var rows = copy.Rows(directions.Rows, Dimension);
        for (long i = 0; i < directions.Rows; i++)
        {
            Backend.Write<TOther>(Array.ConvertAll(Backend.Read(directions.Row(i)), TOther.CreateTruncating), rows.Row(i));
        }

        return new Projected<TOther>(twin, rows);
    }

    private void Project(MatrixView<T> x)
    {
        using var c = Backend.Allocate<double>(directions.Rows);
        for (long i = 0; i < x.Rows; i++)
        {
            Backend.Ops<T>().Project(directions, x.Row(i), c.All);
            Backend.Ops<T>().Deflate(directions, c.All, x.Row(i));
        }
    }
}
