using System.Numerics;
using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>An operation on vectors of one length, given by its call.</summary>
public enum VectorOperation
{
    Fill,
    Copy,
    Scale,
    Axpy,
    AxpyElsewhere,
    AddSquares,
    Dot,
    DivideByRoot,
    DivideByRootOfZero,
    Relu,
    ReluInPlace,
    Clamp,
    ClampInPlace,
    Sign,
    SignInPlace,
    Times,
    TimesInPlace,
    InverseRoot,
    InverseRootInPlace,
    ScaleByMagnitude,
    ScaleByMagnitudeInPlace,
    Rademacher,
    Normal,
    Flip,
    FlipAll,
    MomentumStep,
    NesterovStep,
    AdamStep,
}

/// <summary>The operations on vectors of one length.</summary>
public sealed class VectorCase(VectorOperation operation, long n) : OpCase(operation.ToString(), $"{n}")
{
    /// <inheritdoc/>
    public override double Elements => 2.0 * n;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var ops = s.Ops;
        return operation switch
        {
            VectorOperation.Fill => Call(s.Output(n), x => ops.Fill(x, 0.375)),
            VectorOperation.Copy => Call(s.Input(n), s.Output(n), ops.Copy),
            VectorOperation.Scale => Call(s.InOut(n), x => ops.Scale(-1.7, x)),
            VectorOperation.Axpy => Call(s.Input(n), s.InOut(n), (x, y) => ops.Axpy(0.3, x, y)),
            VectorOperation.AxpyElsewhere => Call(s.Input(n), s.Input(n), s.Output(n), (x, y, z) => ops.Axpy(0.3, x, y, z)),
            VectorOperation.AddSquares => Call(s.Input(n), s.InOut(n), ops.AddSquares),
            VectorOperation.Dot => Call(s.Input(n), s.Input(n), s.DoubleOutput(1, Math.Sqrt(n)), ops.Dot),
            VectorOperation.DivideByRoot => DivideByRoot(s, s.Input(7)),
            VectorOperation.DivideByRootOfZero => DivideByRoot(s, s.Input(0)),
            VectorOperation.Relu => Call(s.Input(n), s.Output(n), ops.Relu),
            VectorOperation.ReluInPlace => Call(s.InOut(n), x => ops.Relu(x, x)),
            VectorOperation.Clamp => Call(s.Around(0.7, 1, n).Row(0), s.ExactOutput(n), (x, y) => ops.Clamp(x, 0.7, y)),
            VectorOperation.ClampInPlace => Call(s.InOut(n), x => ops.Clamp(x, 1, x)),
            VectorOperation.Sign => Call(s.Around(0.3, 1, n).Row(0), s.ExactOutput(n), (x, y) => ops.Sign(x, 0.3, y)),
            VectorOperation.SignInPlace => Call(s.InOut(n), x => ops.Sign(x, 0, x)),
            VectorOperation.Times => Call(s.Input(n), s.Input(n), s.Output(n), (x, y, z) => ops.Times(-0.7, x, y, z)),
            VectorOperation.TimesInPlace => Call(s.Input(n), s.InOut(n), (x, y) => ops.Times(1, x, y, y)),
            VectorOperation.InverseRoot => Call(s.PositiveInOut(n), s.Output(n), (x, y) => ops.InverseRoot(x, 1e-3, y)),
            VectorOperation.InverseRootInPlace => Call(s.PositiveInOut(n), x => ops.InverseRoot(x, 1e-5, x)),
            VectorOperation.ScaleByMagnitude => Call(
                s.Input(n), s.Input(n), s.Output(n), (w, x, y) => ops.ScaleByMagnitude(w, 0.25, x, y)),
            VectorOperation.ScaleByMagnitudeInPlace => Call(s.Input(n), s.InOut(n), (w, x) => ops.ScaleByMagnitude(w, 0, x, x)),
            VectorOperation.Rademacher => Call(s.Output(n), x => ops.Rademacher(0x123456789ABCDEF0, 77, x)),
            VectorOperation.Normal => Call(s.Output(n), x => ops.Normal(0xFEDCBA9876543210, ulong.MaxValue, x)),
            VectorOperation.Flip => Call(s.InOut(n), x => ops.Flip(0x0FEDCBA987654321, 78, 0.3, x)),
            VectorOperation.FlipAll => Call(s.InOut(n), x => ops.Flip(5, 78, 1, x)),
            VectorOperation.MomentumStep => Momentum(s, nesterov: false),
            VectorOperation.NesterovStep => Momentum(s, nesterov: true),
            _ => Adam(s),
        };
    }

    private Action DivideByRoot<T>(OpBench<T> s, VectorView<T> root) where T : unmanaged, IFloatingPointIeee754<T> =>
        Call(s.Input(n), s.Output(n), s.DoubleInOut(1), (x, y, sum) =>
        {
            s.Ops.Dot(root, root, sum);
            s.Ops.DivideByRoot(x, sum, y);
        });

    private Action Momentum<T>(OpBench<T> s, bool nesterov) where T : unmanaged, IFloatingPointIeee754<T> =>
        Call(s.InOut(n), s.Input(n), s.InOut(n), (theta, gradient, momentum) =>
            s.Ops.MomentumStep(theta, gradient, momentum, 0.1, 0.9, 5e-4, nesterov));

    private Action Adam<T>(OpBench<T> s) where T : unmanaged, IFloatingPointIeee754<T> =>
        Call(s.InOut(n), s.Input(n), s.InOut(n), s.PositiveInOut(n), (theta, gradient, m, v) =>
            s.Ops.AdamStep(theta, gradient, m, v, new AdamCoefficients(0.01, 0.9, 0.999, 1e-8, 0.02), 3));
}

/// <summary>The derivative of a ReLU, for some stacked tangents.</summary>
public sealed class MaskCase(long n, int stacked, bool inPlace)
    : OpCase("Mask", $"{n}, {stacked} stacked{(inPlace ? ", in place" : "")}")
{
    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, a) = (s.Ops, s.Input(n));
        var x = inPlace ? s.InOut(n * stacked) : s.Input(n * stacked);
        var y = inPlace ? x : s.Output(n * stacked);
        return () => ops.Mask(a, x, y);
    }
}

/// <summary>The derivative of a hard tanh, for some stacked tangents; some z lie on its corners.</summary>
public sealed class MaskNearCase(long n, int stacked, bool inPlace)
    : OpCase("MaskNear", $"{n}, {stacked} stacked{(inPlace ? ", in place" : "")}")
{
    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, z) = (s.Ops, s.Around(1.3, 1, n).Row(0));
        var x = inPlace ? s.InOut(n * stacked) : s.Input(n * stacked);
        var y = inPlace ? x : s.ExactOutput(n * stacked);
        return () => ops.MaskNear(z, 0.3, x, y);
    }
}
