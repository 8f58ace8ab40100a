namespace Quotient.Spectra;

/// <summary>Reduction of a symmetric matrix to tridiagonal form, A = Q T Qᵀ, by reflections from the last row upwards.</summary>
internal static class Householder
{
    /// <summary>T's diagonal and the elements below it (below[i] is t_(i+1,i)); C ← QᵀC.</summary>
    public static void Reduce(double[] a, int n, double[] diagonal, double[] below, double[] carried, int columns)
    {
        var p = new double[n];
        var dots = new double[columns];
        for (int i = n - 1; i > 0; i--)
        {
            var u = a.AsSpan(i * n, i);
            if (!u[..(i - 1)].ContainsAnyExcept(0.0))
            {
                below[i - 1] = u[i - 1];
            }
            else
            {
                double half = Reflector(u, out below[i - 1]);
                Congruence(a, n, u, half, p.AsSpan(0, i));
                Reflect(carried, columns, u, half, dots);
            }

            diagonal[i] = a[(i * n) + i];
        }

        diagonal[0] = a[0];
    }

    /// <summary>x ← u with (I − uuᵀ/h) x = (0, …, 0, <paramref name="image"/>); returns h = uᵀu/2.</summary>
    private static double Reflector(Span<double> x, out double image)
    {
        double scale = 0, squares = 0;
        foreach (double value in x)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        for (int k = 0; k < x.Length; k++)
        {
            x[k] /= scale;
            squares += x[k] * x[k];
        }

        // The sign that adds, so that the last element does not cancel.
        double last = x[^1], norm = -Math.CopySign(Math.Sqrt(squares), last);
        image = scale * norm;
        x[^1] = last - norm;
        return squares - (last * norm);
    }

    /// <summary>The leading block A ← H A H with H = I − uuᵀ/h, lower triangle only: A − qᵀu − uᵀq, q = p − (uᵀp/2h) u, p = Au/h.</summary>
    private static void Congruence(double[] a, int n, ReadOnlySpan<double> u, double half, Span<double> p)
    {
        p.Clear();
        for (int j = 0; j < p.Length; j++)
        {
            var row = a.AsSpan(j * n, j);
            double sum = a[(j * n) + j] * u[j], uj = u[j];
            for (int k = 0; k < row.Length; k++)
            {
                sum += row[k] * u[k];
                p[k] += row[k] * uj;
            }

            p[j] += sum;
        }

        double product = 0;
        for (int k = 0; k < p.Length; k++)
        {
            p[k] /= half;
            product += p[k] * u[k];
        }

        for (int k = 0; k < p.Length; k++)
        {
            p[k] -= product / (2 * half) * u[k];
        }

        for (int j = 0; j < p.Length; j++)
        {
            var row = a.AsSpan(j * n, j + 1);
            for (int k = 0; k < row.Length; k++)
            {
                row[k] -= (p[j] * u[k]) + (u[j] * p[k]);
            }
        }
    }

    /// <summary>The first rows of C ← (I − uuᵀ/h) C.</summary>
    private static void Reflect(double[] c, int columns, ReadOnlySpan<double> u, double half, Span<double> dots)
    {
        dots.Clear();
        for (int k = 0; k < u.Length; k++)
        {
            var row = c.AsSpan(k * columns, columns);
            for (int j = 0; j < row.Length; j++)
            {
                dots[j] += u[k] * row[j];
            }
        }

        for (int k = 0; k < u.Length; k++)
        {
            var row = c.AsSpan(k * columns, columns);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] -= u[k] / half * dots[j];
            }
        }
    }
}
