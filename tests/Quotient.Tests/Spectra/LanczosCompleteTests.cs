using NUnit.Framework;
using Quotient.Spectra;

namespace Quotient.Tests.Spectra;

/// <summary>Multiple eigenvalues are found, or it is said that some may be missing.</summary>
public class LanczosCompleteTests
{
    private static readonly double[] Spectrum = [.. Enumerable.Range(0, 204).Select(i => i / 204.0), .. Enumerable.Repeat(3.0, 7)];
    private static readonly Lazy<MathNet.Numerics.LinearAlgebra.Matrix<double>> Dense = new(() => Matrices.WithSpectrum(Spectrum, 5));

    [Test]
    public void A_small_basis_finds_all_copies_or_says_that_some_may_be_missing(
        [Values(10, 12, 16, 24, 48)] int basis, [Values(1, 2, 3)] int seed)
    {
        using var found = Solve(new(Selection.Largest(5)) { BasisSize = basis, Seed = (ulong)seed, Tolerance = 1e-8 });
        bool right = found.Values.All(value => Math.Abs(value.Value - 3) < 1e-6);
        Assert.That(right || !found.Complete);
    }

    [Test]
    public void With_room_all_copies_are_found_for_certain([Values(1, 2, 3)] int seed)
    {
        using var found = Solve(new(Selection.Largest(5)) { Seed = (ulong)seed });
        Assert.That(found.Complete);
        Assert.That(found.Values.Select(value => value.Value), Is.All.EqualTo(3).Within(1e-6));
    }

    [Test]
    public void A_search_that_was_not_made_or_was_cut_off_is_not_complete()
    {
        using var blind = Solve(new(Selection.Largest(5)) { FindMultiples = false });
        using var cut = Solve(new(Selection.Largest(5)) { MaxProducts = 30 });
        Assert.That((blind.Complete, cut.Complete), Is.EqualTo((false, false)));
    }

    private static Eigenpairs<double> Solve(LanczosOptions options) => Lanczos.Solve(Matrices.Operator<double>(Dense.Value), options);
}
