using Quotient.Backends;
using Quotient.Results;

namespace Quotient.Spectra;

/// <summary>Eigenpairs as found: values with their bounds, and unit vectors on the device until disposed.</summary>
public sealed class Eigenpairs<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _vectors;

    private readonly Selection _wanted;

    internal Eigenpairs(Selection wanted, IReadOnlyList<Eigenvalue> values, DeviceBuffer<T> vectors, long dimension, int products)
    {
        (Values, _wanted, _vectors, Products) = (values, wanted, vectors, products);
        Top = [.. values.Take(wanted.Top)];
        Bottom = [.. values.Skip(wanted.Top)];
        Vectors = vectors.Matrix(values.Count, dimension);
    }

    /// <summary>All pairs' values, in the order of the selection.</summary>
    public IReadOnlyList<Eigenvalue> Values { get; }

    /// <summary>The largest, largest first.</summary>
    public IReadOnlyList<Eigenvalue> Top { get; }

    /// <summary>The smallest, smallest first.</summary>
    public IReadOnlyList<Eigenvalue> Bottom { get; }

    /// <summary>Row i is the unit vector of value i. Shape K × n.</summary>
    public MatrixView<T> Vectors { get; }

    /// <summary>Products with the operator that these pairs took.</summary>
    public int Products { get; }

    /// <summary>
    /// Whether no eigenvalue that belongs among these is missing, such as a further copy of a multiple one, up to a probability of
    /// 0.001; false where the search was not asked for (<see cref="LanczosOptions.FindMultiples"/>), was cut off by
    /// <see cref="LanczosOptions.MaxProducts"/>, or was given up.
    /// </summary>
    public bool Complete { get; internal init; }

    /// <summary>Whether every pair has converged.</summary>
    public bool Converged => Values.All(value => value.Converged);

    /// <summary>The same with vectors of another precision; this is disposed.</summary>
    internal Eigenpairs<TOther> Narrow<TOther>(IBackend backend) where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        using var wide = this;
        var vectors = backend.Store<TOther>(Array.ConvertAll(backend.Read(_vectors.All), TOther.CreateTruncating));
        return new(_wanted, Values, vectors, Vectors.Columns, Products) { Complete = Complete };
    }

    /// <inheritdoc/>
    public void Dispose() => _vectors.Dispose();
}
