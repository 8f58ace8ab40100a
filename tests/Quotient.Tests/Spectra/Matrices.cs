using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Operators;

namespace Quotient.Tests.Spectra;

/// <summary>Symmetric matrices with known spectra, as operators on the CPU.</summary>
internal static class Matrices
{
    public static readonly IBackend Backend = new CpuBackend(threads: 1);

    /// <summary>Q diag(spectrum) Qᵀ with a random orthogonal Q.</summary>
    public static Matrix<double> WithSpectrum(double[] spectrum, int seed)
    {
        var q = Gaussian(spectrum.Length, spectrum.Length, seed).QR().Q;
        var a = q * Matrix<double>.Build.DenseOfDiagonalArray(spectrum) * q.Transpose();
        return (a + a.Transpose()) / 2;
    }

    public static Matrix<double> Gaussian(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    public static Matrix<double> Symmetric(int n, int seed)
    {
        var g = Gaussian(n, n, seed);
        return (g + g.Transpose()) / 2;
    }

    /// <summary>The eigenvalues by MathNet, ascending.</summary>
    public static double[] Eigenvalues(Matrix<double> a) =>
        [.. a.Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).Order()];

    public static Counting<T> Operator<T>(Matrix<double> a) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = a.RowCount;
        double[] elements = a.ToRowMajorArray();
        return new(new HostOperator<T>(Backend, n, (v, result) =>
        {
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int j = 0; j < n; j++)
                {
                    sum += elements[(i * n) + j] * double.CreateChecked(v[j]);
                }

                result[i] = T.CreateChecked(sum);
            }
        }));
    }

    public static Counting<T> Diagonal<T>(double[] diagonal) where T : unmanaged, IFloatingPointIeee754<T> =>
        new(new HostOperator<T>(Backend, diagonal.Length, (v, result) =>
        {
            for (int i = 0; i < diagonal.Length; i++)
            {
                result[i] = T.CreateChecked(diagonal[i] * double.CreateChecked(v[i]));
            }
        }));

    public static double[] Read<T>(VectorView<T> v) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var host = new T[v.Length];
        Backend.Read(v, host);
        return [.. host.Select(double.CreateChecked)];
    }
}

/// <summary>An operator that counts its products, to hold the reported figure against.</summary>
internal sealed class Counting<T>(ISymmetricOperator<T> inner) : ISymmetricOperator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public long Products { get; private set; }

    public Action? OnProduct { get; set; }

    /// <summary>What the last product was given.</summary>
    public CancellationToken Token { get; private set; }

    public long Dimension => inner.Dimension;

    public IBackend Backend => inner.Backend;

    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Products += v.Rows;
        Token = cancellationToken;
        OnProduct?.Invoke();
        inner.ApplyBlock(v, result, progress, cancellationToken);
    }
}
