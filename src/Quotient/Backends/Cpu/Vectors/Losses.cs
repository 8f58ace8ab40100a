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
        double max = double.NegativeInfinity, rest = 0, ties = 0, all = 0;
        for (long c = 0; c < columns; c++)
        {
            max = Math.Max(max, Real.ToDouble(logits[c]));
        }

        double margin = Real.ToDouble(logits[labels[row]]) - max;
        for (long c = 0; c < columns; c++)
        {
            double difference = Real.ToDouble(logits[c]) - max, e = Math.Exp(difference);
            (all, ties, rest) = (all + difference, ties + (difference == 0 ? 1 : 0), rest + (difference == 0 ? 0 : e));
            target[c] = Real.From<T>(e);
        }

        // The largest powers are 1 each; all but one of them, with the rest, are what the sum has beyond 1, which may be tiny.
        rest += ties - 1;
        double scale = 1 / (1 + rest);
        for (long c = 0; c < columns; c++)
        {
            target[c] = Real.From<T>(scale * Real.ToDouble(target[c]));
        }

        // A logit of −∞ is no loss to a label that takes no part of it.
        return NearOne.Log(rest) - (smoothing > 0 ? margin + (smoothing * ((all / columns) - margin)) : margin);
    }
}

/// <summary>g ← p − q, with the smoothed label q; g_y = −Σ_{c≠y} g_c, where p_y − q_y would cancel.</summary>
internal readonly unsafe struct SoftmaxGradientMap<T>(MatrixPointer<T> p, int* labels, double smoothing, MatrixPointer<T> g) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* probabilities = p.Row(row), target = g.Row(row);
        double share = smoothing / p.Columns, sum = 0;
        for (long c = 0; c < p.Columns; c++)
        {
            double difference = Real.ToDouble(probabilities[c]) - share;
            sum += c == labels[row] ? 0 : difference;
            target[c] = Real.From<T>(difference);
        }

        target[labels[row]] = Real.From<T>(-sum);
        return 0;
    }
}

/// <summary>y ← s·(diag p − p pᵀ) x; x is taken relative to the entry that has nearly all of p, where p∘(x − mean) would cancel.</summary>
internal readonly unsafe struct SoftmaxHessianMap<T>(
    MatrixPointer<T> p, double scale, MatrixPointer<T> x, MatrixPointer<T> y) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        T* probabilities = p.Row(row % p.Rows), tangent = x.Row(row), target = y.Row(row);
        double origin = 0, mean = 0;
        for (long c = 0; c < p.Columns; c++)
        {
            origin += Real.ToDouble(probabilities[c]) > 0.5 ? Real.ToDouble(tangent[c]) : 0;
        }

        for (long c = 0; c < p.Columns; c++)
        {
            mean += Real.ToDouble(probabilities[c]) * (Real.ToDouble(tangent[c]) - origin);
        }

        for (long c = 0; c < p.Columns; c++)
        {
            target[c] = Real.From<T>(scale * Real.ToDouble(probabilities[c]) * (Real.ToDouble(tangent[c]) - origin - mean));
        }

        return 0;
    }
}

/// <summary>y ← √(s p_c)·(e_c − p).</summary>
internal readonly unsafe struct SoftmaxFactorsMap<T>(MatrixPointer<T> p, double scale, int first, MatrixPointer<T> y) : IRowMap
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Apply(long row)
    {
        long c = first + (row / p.Rows);
        T* probabilities = p.Row(row % p.Rows), target = y.Row(row);
        double factor = Math.Sqrt(scale * Real.ToDouble(probabilities[c])), rest = 0;
        for (long j = 0; j < p.Columns; j++)
        {
            double probability = Real.ToDouble(probabilities[j]);
            rest += j == c ? 0 : probability;
            target[j] = Real.From<T>(-factor * probability);
        }

        // 1 − p_c, without cancellation.
        target[c] = Real.From<T>(factor * rest);

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
