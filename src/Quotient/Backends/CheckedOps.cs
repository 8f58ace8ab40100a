using System.Numerics;

namespace Quotient.Backends;

/// <summary>
/// The operations of a backend behind the one check of their arguments, which is the same for all backends: each wraps what it has
/// in this before it returns it. Shapes that do not fit are an <see cref="ArgumentException"/> that names operation and operand.
/// </summary>
public sealed class CheckedOps<T>(OpFamilies<T> families) : CheckedLinearOps<T>(families.Vectors, families.Products), IOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IBasisOps<T> _basis = families.Basis;
    private readonly ILossOps<T> _losses = families.Losses;
    private readonly IBitOps<T> _bits = families.Bits;
    private readonly IRandomOps<T> _random = families.Random;
    private readonly IStepOps<T> _steps = families.Steps;

    /// <inheritdoc/>
    public override bool Supports(string operation) =>
        FamiliesSupport(operation) && _basis.Supports(operation) && _losses.Supports(operation) && _bits.Supports(operation)
        && _random.Supports(operation) && _steps.Supports(operation);

    /// <inheritdoc/>
    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result)
    {
        Check.Length(nameof(Dot), nameof(y), y.Length, x.Length);
        Check.Scalar(nameof(Dot), nameof(result), result);
        _basis.Dot(x, y, result);
        Check.Hold(x.Buffer, y.Buffer, result.Buffer);
    }

    /// <inheritdoc/>
    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        Check.Length(nameof(DivideByRoot), nameof(y), y.Length, x.Length);
        Check.Scalar(nameof(DivideByRoot), nameof(s), s);
        _basis.DivideByRoot(x, s, y);
        Check.Hold(x.Buffer, s.Buffer, y.Buffer);
    }

    /// <inheritdoc/>
    public void RowSquares(MatrixView<T> x, VectorView<T> result)
    {
        Check.Length(nameof(RowSquares), nameof(result), result.Length, x.Rows);
        _basis.RowSquares(x, result);
        Check.Hold(x.Buffer, result.Buffer);
    }

    /// <inheritdoc/>
    public void Project(MatrixView<T> basis, VectorView<T> w, VectorView<double> c)
    {
        Check.Length(nameof(Project), nameof(w), w.Length, basis.Columns);
        Check.Length(nameof(Project), nameof(c), c.Length, basis.Rows);
        _basis.Project(basis, w, c);
        Check.Hold(basis.Buffer, w.Buffer, c.Buffer);
    }

    /// <inheritdoc/>
    public void Deflate(MatrixView<T> basis, VectorView<double> c, VectorView<T> w)
    {
        Check.Length(nameof(Deflate), nameof(w), w.Length, basis.Columns);
        Check.Length(nameof(Deflate), nameof(c), c.Length, basis.Rows);
        _basis.Deflate(basis, c, w);
        Check.Hold(basis.Buffer, c.Buffer, w.Buffer);
    }

    /// <inheritdoc/>
    public void Rotate(MatrixView<T> basis, MatrixView<double> rotation)
    {
        Check.Shape(nameof(Rotate), nameof(rotation), rotation, basis.Rows, Math.Min(rotation.Columns, basis.Rows));
        _basis.Rotate(basis, rotation);
        Check.Hold(basis.Buffer, rotation.Buffer);
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropy(
        MatrixView<T> z, VectorView<int> labels, double smoothing, MatrixView<T> p, VectorView<double> loss)
    {
        Check.Length(nameof(SoftmaxCrossEntropy), nameof(labels), labels.Length, z.Rows);
        Check.SameShape(nameof(SoftmaxCrossEntropy), nameof(p), p, z);
        Check.Scalar(nameof(SoftmaxCrossEntropy), nameof(loss), loss);
        _losses.SoftmaxCrossEntropy(z, labels, smoothing, p, loss);
        Check.Hold(z.Buffer, labels.Buffer, p.Buffer, loss.Buffer);
    }

    /// <inheritdoc/>
    public void SoftmaxGradient(MatrixView<T> p, VectorView<int> labels, double smoothing, MatrixView<T> g)
    {
        Check.Length(nameof(SoftmaxGradient), nameof(labels), labels.Length, p.Rows);
        Check.SameShape(nameof(SoftmaxGradient), nameof(g), g, p);
        _losses.SoftmaxGradient(p, labels, smoothing, g);
        Check.Hold(p.Buffer, labels.Buffer, g.Buffer);
    }

    /// <inheritdoc/>
    public void SoftmaxHessian(MatrixView<T> p, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        Check.Stacked(nameof(SoftmaxHessian), nameof(x), x, p);
        Check.SameShape(nameof(SoftmaxHessian), nameof(y), y, x);
        _losses.SoftmaxHessian(p, scale, x, y);
        Check.Hold(p.Buffer, x.Buffer, y.Buffer);
    }

    /// <inheritdoc/>
    public void SoftmaxFactors(MatrixView<T> p, double scale, int first, MatrixView<T> y)
    {
        Check.Stacked(nameof(SoftmaxFactors), nameof(y), y, p);
        _losses.SoftmaxFactors(p, scale, first, y);
        Check.Hold(p.Buffer, y.Buffer);
    }

    /// <inheritdoc/>
    public void SquaredError(MatrixView<T> z, MatrixView<T> targets, MatrixView<T> r, VectorView<double> loss)
    {
        Check.SameShape(nameof(SquaredError), nameof(targets), targets, z);
        Check.SameShape(nameof(SquaredError), nameof(r), r, z);
        Check.Scalar(nameof(SquaredError), nameof(loss), loss);
        _losses.SquaredError(z, targets, r, loss);
        Check.Hold(z.Buffer, targets.Buffer, r.Buffer, loss.Buffer);
    }

    /// <inheritdoc/>
    public void RowOuter(MatrixView<T> g, double scale, MatrixView<T> x, MatrixView<T> y)
    {
        Check.Stacked(nameof(RowOuter), nameof(x), x, g);
        Check.SameShape(nameof(RowOuter), nameof(y), y, x);
        _losses.RowOuter(g, scale, x, y);
        Check.Hold(g.Buffer, x.Buffer, y.Buffer);
    }

    /// <inheritdoc/>
    public void CountErrors(MatrixView<T> z, VectorView<int> labels, VectorView<double> count)
    {
        Check.Length(nameof(CountErrors), nameof(labels), labels.Length, z.Rows);
        Check.Scalar(nameof(CountErrors), nameof(count), count);
        _losses.CountErrors(z, labels, count);
        Check.Hold(z.Buffer, labels.Buffer, count.Buffer);
    }

    /// <inheritdoc/>
    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        var (rows, columns) = transpose == Transpose.No ? (x.Rows, x.Columns) : (x.Columns, x.Rows);
        Check.Shape(nameof(PackSigns), nameof(bits), bits.Rows, bits.Columns, rows, columns);
        _bits.PackSigns(transpose, x, threshold, bits);
        Check.Hold(x.Buffer, bits.Buffer);
    }

    /// <inheritdoc/>
    public void UnpackSigns(BitMatrix bits, MatrixView<T> y)
    {
        Check.Shape(nameof(UnpackSigns), nameof(y), y, bits.Rows, bits.Columns);
        _bits.UnpackSigns(bits, y);
        Check.Hold(bits.Buffer, y.Buffer);
    }

    /// <inheritdoc/>
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x)
    {
        _random.Rademacher(seed, stream, x);
        Check.Hold(x.Buffer);
    }

    /// <inheritdoc/>
    public void Normal(ulong seed, ulong stream, VectorView<T> x)
    {
        _random.Normal(seed, stream, x);
        Check.Hold(x.Buffer);
    }

    /// <inheritdoc/>
    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        Check.Length(nameof(MomentumStep), nameof(gradient), gradient.Length, theta.Length);
        Check.Length(nameof(MomentumStep), nameof(momentum), momentum.Length, theta.Length);
        _steps.MomentumStep(theta, gradient, momentum, rate, mu, decay, nesterov);
        Check.Hold(theta.Buffer, gradient.Buffer, momentum.Buffer);
    }

    /// <inheritdoc/>
    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t)
    {
        Check.Length(nameof(AdamStep), nameof(gradient), gradient.Length, theta.Length);
        Check.Length(nameof(AdamStep), nameof(m), m.Length, theta.Length);
        Check.Length(nameof(AdamStep), nameof(v), v.Length, theta.Length);
        _steps.AdamStep(theta, gradient, m, v, coefficients, t);
        Check.Hold(theta.Buffer, gradient.Buffer, m.Buffer, v.Buffer);
    }
}
