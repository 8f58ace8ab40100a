using System.Numerics;

namespace Quotient.Backends;

/// <summary>The linear families of a backend behind the check of their arguments: see <see cref="CheckedOps{T}"/>.</summary>
internal class CheckedLinearOps<T>(IVectorOps<T> vectors, IProductOps<T> products) : ILinearOps<T>
    where T : unmanaged, INumberBase<T>
{
    private static readonly HashSet<string> Names =
        [.. LinearElements<T>.All.Select(f => f.Name), nameof(SumRows), nameof(GatherRows), nameof(GatherLabels), .. ProductCalls.Names];

    public virtual bool Supports(string operation) => Names.Contains(operation) && FamiliesSupport(operation);

    /// <summary>Whether neither family lacks it.</summary>
    protected bool FamiliesSupport(string operation) => vectors.Supports(operation) && products.Supports(operation);

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        if (f.Reads.HasFlag(Reads.TiledX))
        {
            Check.Stacked(f.Name, "the result", z.Length, x.Length);
        }
        else if (f.Reads.HasFlag(Reads.X))
        {
            Check.Length(f.Name, "the first operand", x.Length, z.Length);
        }

        if (f.Reads.HasFlag(Reads.Y))
        {
            Check.Length(f.Name, "the second operand", y.Length, z.Length);
        }

        vectors.Map(f, s, x, y, z);
        Check.Hold(x.Buffer, y.Buffer, z.Buffer);
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        Check.Length(nameof(SumRows), nameof(result), result.Length, x.Columns);
        vectors.SumRows(x, beta, result);
        Check.Hold(x.Buffer, result.Buffer);
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y)
    {
        Check.Shape(nameof(GatherRows), nameof(y), y, indices.Length, x.Columns);
        Check.Indices(nameof(GatherRows), indices, x.Rows);
        vectors.GatherRows(x, indices, y);
        Check.Hold(x.Buffer, indices.Buffer, y.Buffer);
    }

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        Check.Length(nameof(GatherLabels), nameof(y), y.Length, indices.Length);
        Check.Indices(nameof(GatherLabels), indices, x.Length);
        vectors.GatherLabels(x, indices, y);
        Check.Hold(x.Buffer, indices.Buffer, y.Buffer);
    }

    public void Multiply(in Product<T> product)
    {
        Check.Product(product);
        products.Multiply(product);
    }
}
