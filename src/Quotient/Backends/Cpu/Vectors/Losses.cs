namespace Quotient.Backends.Cpu.Vectors;

/// <summary>p ← softmax(z); the addend is −⟨q, log p⟩, with the smoothed label q = (1 − s)·onehot(y) + s/C.</summary>
internal readonly unsafe struct SoftmaxMap<T>(MatrixPointer<T> z, int* labels, double smoothing, MatrixPointer<T> p) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* logits = z.Row(row), target = p.Row(row);
        long columns = z.Columns;
        double max = double.NegativeInfinity, sum = 0, all = 0;
        for (long c = 0; c < columns; c++)
        {
            max = Math.Max(max, Real.ToDouble(logits[c]));
        }

        double margin = Real.ToDouble(logits[labels[row]]) - max;
        for (long c = 0; c < columns; c++)
        {
            double difference = Real.ToDouble(logits[c]) - max, e = Math.Exp(difference);
            all += difference;
            sum += e;
            target[c] = Real.From<T>(e);
        }

        double scale = 1 / sum;
        for (long c = 0; c < columns; c++)
        {
            target[c] = Real.From<T>(scale * Real.ToDouble(target[c]));
        }

        // A logit of −∞ is no loss to a label that takes no part of it.
        return Math.Log(sum) - (smoothing > 0 ? margin + (smoothing * ((all / columns) - margin)) : margin);
    }
}

/// <summary>g ← p − q, with the smoothed label q.</summary>
internal readonly unsafe struct SoftmaxGradientMap<T>(MatrixPointer<T> p, int* labels, double smoothing, MatrixPointer<T> g) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* probabilities = p.Row(row), target = g.Row(row);
        double share = smoothing / p.Columns;
        T other = Real.From<T>(share), own = probabilities[labels[row]] - Real.From<T>(1 - smoothing + share);
        for (long c = 0; c < p.Columns; c++)
        {
            target[c] = probabilities[c] - other;
        }

        target[labels[row]] = own;
        return 0;
    }
}

/// <summary>y ← s·(diag p − p pᵀ) x.</summary>
internal readonly unsafe struct SoftmaxHessianMap<T>(
    MatrixPointer<T> p, T scale, MatrixPointer<T> x, MatrixPointer<T> y) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* probabilities = p.Row(row % p.Rows), tangent = x.Row(row), target = y.Row(row);
        T mean = Real.From<T>(Wide.Dot(probabilities, tangent, p.Columns));
        for (long c = 0; c < p.Columns; c++)
        {
            target[c] = scale * probabilities[c] * (tangent[c] - mean);
        }

        return 0;
    }
}

/// <summary>y ← √(s p_c)·(e_c − p).</summary>
internal readonly unsafe struct SoftmaxFactorsMap<T>(MatrixPointer<T> p, T scale, int first, MatrixPointer<T> y) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        long c = first + (row / p.Rows);
        T* probabilities = p.Row(row % p.Rows), target = y.Row(row);
        T factor = T.Sqrt(scale * probabilities[c]);
        for (long j = 0; j < p.Columns; j++)
        {
            target[j] = factor * ((c == j ? T.One : T.Zero) - probabilities[j]);
        }

        return 0;
    }
}

/// <summary>r ← z − y; the addend is ½‖r‖².</summary>
internal readonly unsafe struct SquaredErrorMap<T>(MatrixPointer<T> z, MatrixPointer<T> targets, MatrixPointer<T> r) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* outputs = z.Row(row), wanted = targets.Row(row), residuals = r.Row(row);
        double sum = 0;
        for (long c = 0; c < z.Columns; c++)
        {
            double residual = Real.ToDouble(outputs[c]) - Real.ToDouble(wanted[c]);
            residuals[c] = Real.From<T>(residual);
            sum += residual * residual;
        }

        return 0.5 * sum;
    }
}

/// <summary>y ← s·⟨g, x⟩ g.</summary>
internal readonly unsafe struct RowOuterMap<T>(MatrixPointer<T> g, double scale, MatrixPointer<T> x, MatrixPointer<T> y) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* gradient = g.Row(row % g.Rows), target = y.Row(row);
        T factor = Real.From<T>(scale * Wide.Dot(gradient, x.Row(row), g.Columns));
        for (long c = 0; c < g.Columns; c++)
        {
            target[c] = factor * gradient[c];
        }

        return 0;
    }
}

/// <summary>The addend is 1 where the first largest entry is not at the label.</summary>
internal readonly unsafe struct ErrorMap<T>(MatrixPointer<T> z, int* labels) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* outputs = z.Row(row);
        long best = 0;
        for (long c = 1; c < z.Columns; c++)
        {
            best = outputs[c] > outputs[best] ? c : best;
        }

        return best == labels[row] ? 0 : 1;
    }
}
