namespace Quotient.Cases.Ops;

/// <summary>c ← V w.</summary>
public sealed class ProjectCase(long k, long n) : OpCase("Project", $"{k} × {n}")
{
    /// <inheritdoc/>
    public override double Elements => (double)k * n;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, basis, w, c) = (s.Ops, s.Input(k, n), s.Input(n), s.DoubleOutput(k, Math.Sqrt(n)));
        return () => ops.Project(basis, w, c);
    }
}

/// <summary>w ← w − Vᵀ c.</summary>
public sealed class DeflateCase(long k, long n) : OpCase("Deflate", $"{k} × {n}")
{
    /// <inheritdoc/>
    public override double Elements => (double)k * n;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, basis, w, c) = (s.Ops, s.Input(k, n), s.InOut(n), s.Doubles(k));
        return () => ops.Deflate(basis, c, w);
    }
}

/// <summary>The first p rows of V ← Sᵀ V.</summary>
public sealed class RotateCase(long m, long p, long n) : OpCase("Rotate", $"{m} → {p} rows of {n}")
{
    /// <inheritdoc/>
    public override double Operations => 2.0 * m * p * n;

    /// <inheritdoc/>
    public override double Elements => ((double)m + p) * n;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, basis, rotation) = (s.Ops, s.InOutOfFirst(p, m, n), s.Doubles(m, p));
        return () => ops.Rotate(basis, rotation);
    }
}

/// <summary>out ← Σ rows + β·out.</summary>
public sealed class SumRowsCase(long rows, long columns, double beta) : OpCase("SumRows", $"{rows} × {columns}, β {beta}")
{
    /// <inheritdoc/>
    public override double Elements => (double)rows * columns;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, x) = (s.Ops, s.Input(rows, columns));
        var result = beta == 0 ? s.Output(columns, Math.Sqrt(rows)) : s.InOut(columns);
        return () => ops.SumRows(x, beta, result);
    }
}

/// <summary>out_i ← ‖x_i‖².</summary>
public sealed class RowSquaresCase(long rows, long columns) : OpCase("RowSquares", $"{rows} × {columns}")
{
    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, x, result) = (s.Ops, s.Input(rows, columns), s.Output(rows));
        return () => ops.RowSquares(x, result);
    }
}

/// <summary>y_i ← x_(indices_i), rows and labels.</summary>
public sealed class GatherCase(long rows, long columns, long chosen) : OpCase("Gather", $"{chosen} of {rows} × {columns}")
{
    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, x, y) = (s.Ops, s.Input(rows, columns), s.Output(chosen, columns));
        var (indices, labels, picked) = (s.Indices(chosen, (int)rows), s.Indices(rows, 10), s.IntegerOutput(chosen));
        return () =>
        {
            ops.GatherRows(x, indices, y);
            ops.GatherLabels(labels, indices, picked);
        };
    }
}
