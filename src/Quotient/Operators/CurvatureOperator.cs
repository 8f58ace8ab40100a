using Quotient.Backends;
using Quotient.Linearisation;

namespace Quotient.Operators;

/// <summary>A curvature matrix of a linearised network, in all of θ or in the parameters of one layer.</summary>
public sealed class CurvatureOperator<T> : ISymmetricOperator<T>, IExactDiagonal<T>, IAnyPrecision
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CurvatureKind _kind;

    internal CurvatureOperator(string name, Linearisation<T> linearisation, ParameterScope<T> scope, CurvatureKind kind) =>
        (Name, Linearisation, Scope, _kind) = (name, linearisation, scope, kind);

    /// <summary>Its name on the command line: <c>hessian</c>.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public long Dimension => Scope.Length;

    /// <inheritdoc/>
    public IBackend Backend => Linearisation.Backend;

    /// <summary>Where it comes from.</summary>
    public Linearisation<T> Linearisation { get; }

    /// <summary>The diagonal blocks, one for each layer with parameters, in order, under the layers' names.</summary>
    public IReadOnlyList<(string Layer, CurvatureOperator<T> Block)> Layers =>
    [
        .. from entry in Linearisation.Plan.Steps.Index()
           where entry.Item.IsTrainable
           orderby entry.Item.Offset
           select (entry.Item.Name, new CurvatureOperator<T>(Name, Linearisation, new(Linearisation.Plan, entry.Index, entry.Index), _kind)),
    ];

    internal ParameterScope<T> Scope { get; }

    /// <inheritdoc/>
    public void Apply(VectorView<T> v, VectorView<T> result, CancellationToken cancellationToken = default) =>
        ApplyBlock(v.AsMatrix(1, Dimension), result.AsMatrix(1, Dimension), null, cancellationToken);

    /// <inheritdoc/>
    public void ApplyBlock(
        MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Linearisation.Enter();
        ArgumentOutOfRangeException.ThrowIfNotEqual(v.Columns, Dimension);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Columns, Dimension);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Rows, v.Rows);
        Linearisation.Products.Multiply(_kind, Scope, v, result, progress, cancellationToken);
    }

    /// <summary>A v, on the host.</summary>
    public T[] Apply(ReadOnlySpan<T> v, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Linearisation.Enter();
        using var buffer = Backend.Allocate<T>(2 * Dimension);
        var (from, to) = (buffer.Slice(0, Dimension), buffer.Slice(Dimension, Dimension));
        Backend.Write(v, from);
        ApplyBlock(from.AsMatrix(1, Dimension), to.AsMatrix(1, Dimension), progress, cancellationToken);
        return Backend.Read(to);
    }

    /// <inheritdoc/>
    /// <remarks>Each output of a ReLU net is linear in each single parameter, so diag H = diag GGN, which is a sum of squares.</remarks>
    public void Diagonal(VectorView<T> diagonal, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Linearisation.Enter();
        Linearisation.Factors.Diagonal(_kind, Scope, diagonal, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public double Trace(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var pass = Linearisation.Enter();
        return Linearisation.Factors.Trace(_kind, Scope, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public double DiagonalCost => RelativeCost(false);

    /// <inheritdoc/>
    public double TraceCost => RelativeCost(true);

    /// <inheritdoc/>
    /// <remarks>Residuals and probabilities that are known to ε times outputs of about 1 lose that much only near zero loss.</remarks>
    public bool MayCancel => !(Linearisation.Loss / (Linearisation.Samples * Linearisation.Kept.Scale) > 1e-6);

    /// <inheritdoc/>
    public ISymmetricOperator<TOther> In<TOther>(ICollection<IDisposable> owned, CancellationToken cancellationToken = default)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        var twin = Linearisation.In<TOther>(cancellationToken);
        owned.Add(twin);
        return new CurvatureOperator<TOther>(Name, twin, new(twin.Plan, Scope.First, Scope.Last), _kind);
    }

    private double RelativeCost(bool traceOnly) =>
        Linearisation.Factors.Cost(_kind, Scope, traceOnly) / Linearisation.Products.ProductCost(_kind, Scope);
}
