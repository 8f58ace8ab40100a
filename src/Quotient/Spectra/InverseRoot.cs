using System.Numerics;
using Quotient.Backends;
using Quotient.Operators;

namespace Quotient.Spectra;

/// <summary>
/// G^(−1/2) z ≈ ‖z‖ V T^(−1/2) e₁ from the Lanczos steps of z (Higham 2008, Functions of Matrices, §13.2), until further steps change it
/// by rounding alone: about √κ(G) steps, each a product with G.
/// </summary>
internal static class InverseRoot
{
    private const int MostSteps = 300;

    /// <summary>result ← G^(−1/2) z.</summary>
    /// <exception cref="QuotientException">G is not positive definite, or too ill-conditioned for the steps that there are.</exception>
    public static void Apply<T>(IMetric<T> g, VectorView<T> z, VectorView<T> result, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var length = g.Backend.Allocate<double>(1);
        g.Backend.Ops<T>().Dot(z, z, length.All);
        var square = new double[1];
        g.Backend.Read(length.All, square.AsSpan());
        using var space = new KrylovSpace<T>(g, Lanczos.Fit(g, 2, MostSteps + 1, 0), 1, 0);
        space.Add(z);
        double[] known = [0];
        do
        {
            space.Expand(1, cancellationToken);
            if (space.Order >= known.Length + Math.Max(1, known.Length / 8) || space.IsInvariant)
            {
                double[] found = Coefficients(space.Vectors(), -Math.Sqrt(square[0]));
                if (space.IsInvariant || Distance(known, found) <= 8 * KrylovBasis<T>.Epsilon * Distance([], found))
                {
                    Combine(space.Basis.RowRange(0, space.Order), found, result, g.Backend);
                    return;
                }

                known = found;
            }
        }
        while (!space.IsFull);
        throw new QuotientException(
            $"{space.Order} products with the metric are too few for its inverse square root, which probes need; give it a factor of its inverse (IInverseRoot)");
    }

    /// <summary>scale · S Θ^(−1/2) Sᵀ e₁.</summary>
    private static double[] Coefficients(RitzPairs ritz, double scale)
    {
        var sum = new double[ritz.Count];
        for (int i = 0; i < ritz.Count; i++)
        {
            double theta = ritz.Values[i];
            if (!(theta > 0))
            {
                throw new QuotientException($"the metric is not positive definite: an eigenvalue is near {theta:g3}");
            }

            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += scale / Math.Sqrt(theta) * ritz.Row(i)[0] * ritz.Row(i)[k];
            }
        }

        return sum;
    }

    private static double Distance(double[] shorter, double[] longer) =>
        Math.Sqrt(longer.Select((x, i) => Math.Pow(x - (i < shorter.Length ? shorter[i] : 0), 2)).Sum());

    /// <summary>result ← −Vᵀ c.</summary>
    private static void Combine<T>(MatrixView<T> rows, double[] c, VectorView<T> result, IBackend backend)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var coefficients = backend.Allocate<double>(c.Length);
        backend.Write<double>(c, coefficients.All);
        backend.Ops<T>().Fill(result, 0);
        backend.Ops<T>().Deflate(rows, coefficients.All, result);
        backend.Synchronise();
    }
}
