using NUnit.Framework;
using Quotient.Operators;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

/// <summary>What counts as rounding, and what does not.</summary>
public class LanczosFloorTests
{
    [Test]
    public void Asymmetry_shows_in_the_residual_and_never_passes_for_convergence()
    {
        var symmetric = Matrices.Symmetric(300, 1);
        var g = Matrices.Gaussian(300, 300, 2);
        var skew = g - g.Transpose();
        var matrix = symmetric + (skew * (0.005 * symmetric.L2Norm() / skew.L2Norm()));
        using var found = Lanczos.Solve(Matrices.Operator<double>(matrix), new(Selection.BothEnds(3, 2)) { Tolerance = 1e-8 });
        Assert.That(found.Values.Select(value => value.Converged), Is.All.False);
        Assert.That(found.Values.Select(value => value.Residual), Is.All.GreaterThan(1e-4));
    }

    [Test]
    public void Zero_eigenvalues_of_an_operator_that_rounds_in_single_precision_converge_at_the_floor()
    {
        const int N = 300, Rank = 40;
        float[] j = [.. Matrices.Gaussian(Rank, N, 3).Enumerate().Select(x => (float)x)];
        var gram = new Counting<float>(new HostOperator<float>(Matrices.Backend, N, (v, result) =>
        {
            result.Clear();
            for (int r = 0; r < Rank; r++)
            {
                float sum = 0;
                for (int i = 0; i < N; i++)
                {
                    sum += j[(r * N) + i] * v[i];
                }

                for (int i = 0; i < N; i++)
                {
                    result[i] += j[(r * N) + i] * sum;
                }
            }
        }));
        using var found = Lanczos.Solve(gram, new(Selection.Smallest(3)) { Tolerance = 1e-5 });
        Assert.That(found.Converged);
        Assert.That(found.Values.Select(value => value.Value), Is.All.Zero.Within(found.Values.Max(value => value.Residual)));
        Assert.That(gram.Products, Is.LessThan(300));
    }
}
