using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>One step of gradient descent with momentum; see <see cref="IStepOps{T}.MomentumStep"/>.</summary>
internal readonly unsafe struct MomentumParts<T>(
    T* theta, T* gradient, T* momentum, long length, double rate, double mu, double decay, bool nesterov) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => Parts.Count<T>(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (start, end) = Parts.Range<T>(index, length);
        long i = start;
        for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
        {
            var (weights, velocity) = Step(Vector.Load(theta + i), Vector.Load(gradient + i), Vector.Load(momentum + i));
            weights.Store(theta + i);
            velocity.Store(momentum + i);
        }

        if (i < end)
        {
            long rest = end - i;
            var (weights, velocity) = Step(
                Parts.LoadRest(theta + i, rest), Parts.LoadRest(gradient + i, rest), Parts.LoadRest(momentum + i, rest));
            Parts.StoreRest(weights, theta + i, rest);
            Parts.StoreRest(velocity, momentum + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector<T> Weights, Vector<T> Velocity) Step(Vector<T> weights, Vector<T> slope, Vector<T> velocity)
    {
        var g = Wide.MultiplyAdd(Vector.Create(Real.From<T>(decay)), weights, slope);
        var m = Wide.MultiplyAdd(Vector.Create(Real.From<T>(mu)), velocity, g);
        var direction = nesterov ? Wide.MultiplyAdd(Vector.Create(Real.From<T>(mu)), m, g) : m;
        return (Wide.MultiplyAdd(Vector.Create(Real.From<T>(-rate)), direction, weights), m);
    }
}

/// <summary>Adam's constants at step t, in the precision of the vectors.</summary>
internal readonly struct AdamConstants<T>(AdamCoefficients c, long t) where T : unmanaged, IFloatingPointIeee754<T>
{
    public T Decay { get; } = Real.From<T>(c.Decay);

    public T Beta1 { get; } = Real.From<T>(c.Beta1);

    public T Rest1 { get; } = Real.From<T>(1 - c.Beta1);

    public T Beta2 { get; } = Real.From<T>(c.Beta2);

    public T Rest2 { get; } = Real.From<T>(1 - c.Beta2);

    /// <summary>η / (1 − β₁ᵗ).</summary>
    public T Rate { get; } = Real.From<T>(c.Rate / (1 - Math.Pow(c.Beta1, t)));

    /// <summary>1 / (1 − β₂ᵗ).</summary>
    public T Correction2 { get; } = Real.From<T>(1 / (1 - Math.Pow(c.Beta2, t)));

    public T Epsilon { get; } = Real.From<T>(c.Epsilon);
}

/// <summary>One step of Adam; see <see cref="IStepOps{T}.AdamStep"/>.</summary>
internal readonly unsafe struct AdamParts<T>(T* theta, T* gradient, T* m, T* v, long length, AdamConstants<T> constants) : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => Parts.Count<T>(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (start, end) = Parts.Range<T>(index, length);
        long i = start;
        for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> first = Vector.Load(m + i), second = Vector.Load(v + i);
            Step(Vector.Load(theta + i), Vector.Load(gradient + i), ref first, ref second).Store(theta + i);
            first.Store(m + i);
            second.Store(v + i);
        }

        if (i < end)
        {
            long rest = end - i;
            Vector<T> first = Parts.LoadRest(m + i, rest), second = Parts.LoadRest(v + i, rest);
            var weights = Step(Parts.LoadRest(theta + i, rest), Parts.LoadRest(gradient + i, rest), ref first, ref second);
            Parts.StoreRest(weights, theta + i, rest);
            Parts.StoreRest(first, m + i, rest);
            Parts.StoreRest(second, v + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<T> Step(Vector<T> weights, Vector<T> slope, ref Vector<T> first, ref Vector<T> second)
    {
        var g = Wide.MultiplyAdd(Vector.Create(constants.Decay), weights, slope);
        first = Wide.MultiplyAdd(Vector.Create(constants.Beta1), first, g * constants.Rest1);
        second = Wide.MultiplyAdd(Vector.Create(constants.Beta2), second, g * g * constants.Rest2);
        var root = Vector.SquareRoot(second * constants.Correction2) + Vector.Create(constants.Epsilon);
        return weights - (first * constants.Rate / root);
    }
}
