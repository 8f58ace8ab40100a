namespace Quotient.Backends;

/// <summary>The linear families of a backend behind its gate and the check of their arguments: see <see cref="CheckedOps{T}"/>.</summary>
internal class CheckedLinearOps<T>(IVectorOps<T> vectors, IProductOps<T> products, ThreadGate gate) : ILinearOps<T>
    where T : unmanaged, INumberBase<T>
{
    private static readonly HashSet<string> Names =
        [.. LinearElements<T>.All.Select(f => f.Name), nameof(SumRows), nameof(GatherRows), nameof(GatherLabels), .. ProductCalls.Names];

    public virtual bool Supports(string operation) => Names.Contains(operation) && FamiliesSupport(operation);

    /// <summary>Whether neither family lacks it.</summary>
    protected bool FamiliesSupport(string operation) => vectors.Supports(operation) && products.Supports(operation);

    /// <summary>Begins an operation on some buffers.</summary>
    protected Use Enter(object? first = null, object? second = null, object? third = null, object? fourth = null) =>
        new(gate, this, first, second, third, fourth);

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z)
    {
        using var use = Enter(x.Buffer, y.Buffer, z.Buffer);
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
    }

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        using var use = Enter(x.Buffer, result.Buffer);
        Check.Length(nameof(SumRows), nameof(result), result.Length, x.Columns);
        vectors.SumRows(x, beta, result);
    }

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y)
    {
        using var use = Enter(x.Buffer, indices.Buffer, y.Buffer);
        Check.Shape(nameof(GatherRows), nameof(y), y, indices.Length, x.Columns);
        Check.Indices(nameof(GatherRows), indices, x.Rows);
        vectors.GatherRows(x, indices, y);
    }

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y)
    {
        using var use = Enter(x.Buffer, indices.Buffer, y.Buffer);
        Check.Length(nameof(GatherLabels), nameof(y), y.Length, indices.Length);
        Check.Indices(nameof(GatherLabels), indices, x.Length);
        vectors.GatherLabels(x, indices, y);
    }

    public void Multiply(in Product<T> product)
    {
        using var use = Enter();
        Check.Product(product);
        products.Multiply(product);
    }
}

/// <summary>
/// The families of a backend behind its gate and the one check of their arguments, which is the same for all backends. Shapes that do
/// not fit are an <see cref="ArgumentException"/> that names operation and operand.
/// </summary>
internal sealed class CheckedOps<T>(OpFamilies<T> families, ThreadGate gate)
    : CheckedLinearOps<T>(families.Vectors, families.Products, gate), IOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool Supports(string operation) =>
        FamiliesSupport(operation) && families.Images.Supports(operation) && families.Basis.Supports(operation) && families.Losses.Supports(operation) && families.Bits.Supports(operation)
        && families.Random.Supports(operation) && families.Steps.Supports(operation);

    public void Turn(MatrixView<T> x, long rows, double beta, MatrixView<T> y)
    {
        using var use = Enter(x.Buffer, y.Buffer);
        Check.SameShape(nameof(Turn), nameof(y), y, x);
        Check.Stacked(nameof(Turn), nameof(x), x.Columns, rows);
        families.Images.Turn(x, rows, beta, y);
    }

    public void MaxPool(Patches patches, MatrixView<T> x, bool relu, MatrixView<T> y, MatrixView<T> routes)
    {
        using var use = Enter(x.Buffer, y.Buffer, routes.Buffer);
        Check.Images(nameof(MaxPool), patches, x, y);
        Check.SameShape(nameof(MaxPool), nameof(routes), routes, y);
        families.Images.MaxPool(patches, x, relu, y, routes);
    }

    public void TakeRoutes(Patches patches, MatrixView<T> x, MatrixView<T> routes, MatrixView<T> y)
    {
        using var use = Enter(x.Buffer, y.Buffer, routes.Buffer);
        Check.Images(nameof(TakeRoutes), patches, x, y);
        Check.Stacked(nameof(TakeRoutes), nameof(y), y, routes);
        families.Images.TakeRoutes(patches, x, routes, y);
    }

    public void FollowRoutes(Patches patches, MatrixView<T> y, MatrixView<T> routes, double beta, MatrixView<T> x)
    {
        using var use = Enter(x.Buffer, y.Buffer, routes.Buffer);
        Check.Images(nameof(FollowRoutes), patches, x, y);
        Check.Stacked(nameof(FollowRoutes), nameof(y), y, routes);
        families.Images.FollowRoutes(patches, y, routes, beta, x);
    }

    public void AveragePool(Patches patches, bool countsPadding, MatrixView<T> x, MatrixView<T> y)
    {
        using var use = Enter(x.Buffer, y.Buffer);
        Check.Images(nameof(AveragePool), patches, x, y);
        families.Images.AveragePool(patches, countsPadding, x, y);
    }

    public void AveragePoolBack(Patches patches, bool countsPadding, MatrixView<T> y, double beta, MatrixView<T> x)
    {
        using var use = Enter(x.Buffer, y.Buffer);
        Check.Images(nameof(AveragePoolBack), patches, x, y);
        families.Images.AveragePoolBack(patches, countsPadding, y, beta, x);
    }

    public void ScaleColumns(MatrixView<T> x, VectorView<T> scale, VectorView<T> shift, double beta, MatrixView<T> y)
    {
        using var use = Enter(x.Buffer, scale.Buffer, shift.Buffer, y.Buffer);
        Check.SameShape(nameof(ScaleColumns), nameof(y), y, x);
        Check.Length(nameof(ScaleColumns), nameof(scale), scale.Length, x.Columns);
        Check.Length(nameof(ScaleColumns), nameof(shift), shift.Length, shift.Buffer is null ? 0 : x.Columns);
        families.Images.ScaleColumns(x, scale, shift, beta, y);
    }

    public void ColumnDots(MatrixView<T> x, MatrixView<T> y, double beta, VectorView<T> result)
    {
        using var use = Enter(x.Buffer, y.Buffer, result.Buffer);
        Check.SameShape(nameof(ColumnDots), nameof(y), y, x);
        Check.Length(nameof(ColumnDots), nameof(result), result.Length, x.Columns);
        families.Images.ColumnDots(x, y, beta, result);
    }

    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result)
    {
        using var use = Enter(x.Buffer, y.Buffer, result.Buffer);
        Check.Length(nameof(Dot), nameof(y), y.Length, x.Length);
        Check.Scalar(nameof(Dot), nameof(result), result);
        families.Basis.Dot(x, y, result);
    }

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        using var use = Enter(x.Buffer, s.Buffer, y.Buffer);
        Check.Length(nameof(DivideByRoot), nameof(y), y.Length, x.Length);
        Check.Scalar(nameof(DivideByRoot), nameof(s), s);
        families.Basis.DivideByRoot(x, s, y);
    }

    public void RowSquares(MatrixView<T> x, VectorView<T> result)
    {
        using var use = Enter(x.Buffer, result.Buffer);
        Check.Length(nameof(RowSquares), nameof(result), result.Length, x.Rows);
        families.Basis.RowSquares(x, result);
    }

    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        using var use = Enter(basis.Buffer, w.Buffer, c.Buffer);
        Check.Length(nameof(Project), nameof(w), w.Length, basis.Columns);
        Check.Length(nameof(Project), nameof(c), c.Length, basis.Rows);
        families.Basis.Project(basis, w, c);
    }

    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w)
    {
        using var use = Enter(basis.Buffer, c.Buffer, w.Buffer);
        Check.Length(nameof(Deflate), nameof(w), w.Length, basis.Columns);
        Check.Length(nameof(Deflate), nameof(c), c.Length, basis.Rows);
        families.Basis.Deflate(basis, c, w);
    }

    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        using var use = Enter(basis.Buffer, rotation.Buffer);
        Check.Shape(nameof(Rotate), nameof(rotation), rotation, basis.Rows, Math.Min(rotation.Columns, basis.Rows));
        families.Basis.Rotate(basis, rotation);
    }

    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss)
    {
        using var use = Enter(z.Buffer, labels.Buffer, p.Buffer, loss.Buffer);
        Check.Length(nameof(SoftmaxCrossEntropy), nameof(labels), labels.Length, z.Rows);
        Check.SameShape(nameof(SoftmaxCrossEntropy), nameof(p), p, z);
        Check.Scalar(nameof(SoftmaxCrossEntropy), nameof(loss), loss);
        families.Losses.SoftmaxCrossEntropy(z, labels, smoothing, p, loss);
    }

    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g)
    {
        using var use = Enter(p.Buffer, labels.Buffer, g.Buffer);
        Check.Length(nameof(SoftmaxGradient), nameof(labels), labels.Length, p.Rows);
        Check.SameShape(nameof(SoftmaxGradient), nameof(g), g, p);
        families.Losses.SoftmaxGradient(p, labels, smoothing, g);
    }

    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        using var use = Enter(p.Buffer, x.Buffer, y.Buffer);
        Check.Stacked(nameof(SoftmaxHessian), nameof(x), x, p);
        Check.SameShape(nameof(SoftmaxHessian), nameof(y), y, x);
        families.Losses.SoftmaxHessian(p, scale, x, y);
    }

    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y)
    {
        using var use = Enter(p.Buffer, y.Buffer);
        Check.Stacked(nameof(SoftmaxFactors), nameof(y), y, p);
        families.Losses.SoftmaxFactors(p, scale, first, y);
    }

    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss)
    {
        using var use = Enter(z.Buffer, targets.Buffer, r.Buffer, loss.Buffer);
        Check.SameShape(nameof(SquaredError), nameof(targets), targets, z);
        Check.SameShape(nameof(SquaredError), nameof(r), r, z);
        Check.Scalar(nameof(SquaredError), nameof(loss), loss);
        families.Losses.SquaredError(z, targets, r, loss);
    }

    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        using var use = Enter(g.Buffer, x.Buffer, y.Buffer);
        Check.Stacked(nameof(RowOuter), nameof(x), x, g);
        Check.SameShape(nameof(RowOuter), nameof(y), y, x);
        families.Losses.RowOuter(g, scale, x, y);
    }

    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count)
    {
        using var use = Enter(z.Buffer, labels.Buffer, count.Buffer);
        Check.Length(nameof(CountErrors), nameof(labels), labels.Length, z.Rows);
        Check.Scalar(nameof(CountErrors), nameof(count), count);
        families.Losses.CountErrors(z, labels, count);
    }

    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        using var use = Enter(x.Buffer, bits.Buffer);
        var (rows, columns) = transpose == Transpose.No ? (x.Rows, x.Columns) : (x.Columns, x.Rows);
        Check.Shape(nameof(PackSigns), nameof(bits), bits.Rows, bits.Columns, rows, columns);
        families.Bits.PackSigns(transpose, x, threshold, bits);
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y)
    {
        using var use = Enter(bits.Buffer, y.Buffer);
        Check.Shape(nameof(UnpackSigns), nameof(y), y, bits.Rows, bits.Columns);
        families.Bits.UnpackSigns(bits, y);
    }

    public void Rademacher(ulong seed, ulong stream, VectorView<T> x)
    {
        using var use = Enter(x.Buffer);
        families.Random.Rademacher(seed, stream, x);
    }

    public void Flip(ulong seed, ulong stream, double probability, VectorView<T> x)
    {
        using var use = Enter(x.Buffer);
        families.Random.Flip(seed, stream, probability, x);
    }

    public void Normal(ulong seed, ulong stream, VectorView<T> x)
    {
        using var use = Enter(x.Buffer);
        families.Random.Normal(seed, stream, x);
    }

    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        using var use = Enter(theta.Buffer, gradient.Buffer, momentum.Buffer);
        Check.Length(nameof(MomentumStep), nameof(gradient), gradient.Length, theta.Length);
        Check.Length(nameof(MomentumStep), nameof(momentum), momentum.Length, theta.Length);
        families.Steps.MomentumStep(theta, gradient, momentum, rate, mu, decay, nesterov);
    }

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t)
    {
        using var use = Enter(theta.Buffer, gradient.Buffer, m.Buffer, v.Buffer);
        Check.Length(nameof(AdamStep), nameof(gradient), gradient.Length, theta.Length);
        Check.Length(nameof(AdamStep), nameof(m), m.Length, theta.Length);
        Check.Length(nameof(AdamStep), nameof(v), v.Length, theta.Length);
        families.Steps.AdamStep(theta, gradient, m, v, coefficients, t);
    }
}

/// <summary>The linear operations of a device that has none in some precision.</summary>
internal sealed class NoLinearOps<T>(DeviceInfo device) : ILinearOps<T> where T : unmanaged, INumberBase<T>
{
    public bool Supports(string operation) => false;

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z) => throw Missing();

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result) => throw Missing();

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y) => throw Missing();

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y) => throw Missing();

    public void Multiply(in Product<T> product) => throw Missing();

    private NotSupportedException Missing() => new($"device '{device.Id}' does not compute with {typeof(T).Name}");
}
