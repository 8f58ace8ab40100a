namespace Quotient.Spectra;

/// <summary>
/// All eigenvalues of a small dense symmetric matrix A = S Λ Sᵀ, in double: Householder reduction to tridiagonal form, then
/// implicit QL with Wilkinson's shift (Golub and Van Loan, Matrix Computations, §8.3). Backward stable: each eigenvalue is
/// within a modest multiple of ε‖A‖ of a true one.
/// </summary>
/// <remarks>
/// Instead of S itself, the rows that the caller needs are carried along: a matrix C is replaced by SᵀC. With C = I that is
/// Sᵀ, all eigenvectors; with C = e₁ it is their first components, at O(n²) on top of the reduction.
/// Rows of A that are tridiagonal already cost nothing to reduce, so a Lanczos matrix is solved in O(n²).
/// </remarks>
internal static class SymmetricEigen
{
    private const double Epsilon = 2.220446049250313e-16;
    private const int MaxSweeps = 80;

    /// <summary>Λ in ascending order; <paramref name="carried"/> C ← SᵀC in the same order.</summary>
    /// <param name="a">A, n × n row-major, of which the lower triangle is read. Destroyed.</param>
    /// <param name="n">The order.</param>
    /// <param name="carried">C, n × <paramref name="columns"/>, row-major.</param>
    /// <param name="columns">The number of columns of C; 0 for eigenvalues alone.</param>
    public static double[] Dense(double[] a, int n, double[] carried, int columns)
    {
        double[] diagonal = new double[n], below = new double[n];
        double scale = Normalise(a);
        if (!double.IsFinite(scale))
        {
            throw new InvalidOperationException("The matrix holds a NaN or an infinity.");
        }

        if (scale > 0)
        {
            Householder.Reduce(a, n, diagonal, below, carried, columns);
            ImplicitQl(diagonal, below, carried, columns);
        }

        return Finish(diagonal, scale, carried, columns);
    }

    /// <summary>The identity of order n, to carry when all eigenvectors are wanted.</summary>
    public static double[] Identity(int n)
    {
        var identity = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            identity[(i * n) + i] = 1;
        }

        return identity;
    }

    /// <summary>Chases each off-diagonal element to zero; the rotations act on the rows of C.</summary>
    private static void ImplicitQl(double[] d, double[] e, double[] carried, int columns)
    {
        int n = d.Length;
        for (int first = 0; first < n; first++)
        {
            int sweeps = 0;
            for (int last = Unreduced(d, e, first); last > first; last = Unreduced(d, e, first))
            {
                if (sweeps++ == MaxSweeps)
                {
                    throw new InvalidOperationException("The QL iteration did not converge.");
                }

                Sweep(d, e, first, last, carried, columns);
            }
        }
    }

    /// <summary>The end of the block that starts at <paramref name="first"/> and that no negligible element cuts.</summary>
    private static int Unreduced(double[] d, double[] e, int first)
    {
        int last = first;
        while (last < d.Length - 1)
        {
            // Matrices are scaled to largest element 1, which makes the second term negligible against ε‖A‖.
            if (Math.Abs(e[last]) <= (Epsilon * (Math.Abs(d[last]) + Math.Abs(d[last + 1]))) + 1e-40)
            {
                e[last] = 0;
                break;
            }

            last++;
        }

        return last;
    }

    private static void Sweep(double[] d, double[] e, int first, int last, double[] carried, int columns)
    {
        double half = (d[first + 1] - d[first]) / (2 * e[first]);
        double shift = d[first] - (e[first] / (half + Math.CopySign(Math.Sqrt((half * half) + 1), half)));
        double bulge = d[last] - shift, sine = 1, cosine = 1, carry = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * e[i], b = cosine * e[i];
            double length = Math.Sqrt((f * f) + (bulge * bulge));
            e[i + 1] = length;
            if (length == 0)
            {
                d[i + 1] -= carry;
                e[last] = 0;
                return;
            }

            (sine, cosine) = (f / length, bulge / length);
            double next = d[i + 1] - carry;
            double mixed = ((d[i] - next) * sine) + (2 * cosine * b);
            carry = sine * mixed;
            d[i + 1] = next + carry;
            bulge = (cosine * mixed) - b;
            Rotate(carried.AsSpan(i * columns, columns), carried.AsSpan((i + 1) * columns, columns), cosine, sine);
        }

        d[first] -= carry;
        e[first] = bulge;
        e[last] = 0;
    }

    private static void Rotate(Span<double> low, Span<double> high, double cosine, double sine)
    {
        high = high[..low.Length];
        for (int k = 0; k < low.Length; k++)
        {
            (low[k], high[k]) = ((cosine * low[k]) - (sine * high[k]), (sine * low[k]) + (cosine * high[k]));
        }
    }

    /// <summary>Divides by the largest absolute element, so that squares neither overflow nor vanish; returns it.</summary>
    private static double Normalise(double[] a)
    {
        double scale = 0;
        foreach (double x in a)
        {
            scale = Math.Max(scale, Math.Abs(x));
        }

        for (int i = 0; scale > 0 && i < a.Length; i++)
        {
            a[i] /= scale;
        }

        return scale;
    }

    private static double[] Finish(double[] values, double scale, double[] carried, int columns)
    {
        int n = values.Length;
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort((double[])values.Clone(), order);
        var unsorted = (double[])carried.Clone();
        var sorted = new double[n];
        for (int i = 0; i < n; i++)
        {
            sorted[i] = values[order[i]] * scale;
            Array.Copy(unsorted, order[i] * columns, carried, i * columns, columns);
        }

        return sorted;
    }
}
