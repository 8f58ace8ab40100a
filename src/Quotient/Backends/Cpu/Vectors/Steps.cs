namespace Quotient.Backends.Cpu.Vectors;

/// <summary>A step of an optimiser, which keeps one vector or two beside the weights.</summary>
internal interface IStep<T> where T : unmanaged
{
    /// <summary>Whether the optimiser keeps a second vector.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The new weights; what the optimiser keeps is replaced.</summary>
    Vector<T> Apply(Vector<T> weights, Vector<T> slope, ref Vector<T> first, ref Vector<T> second);
}

/// <summary>One step of an optimiser; the second vector is null where there is none.</summary>
internal readonly unsafe struct StepParts<T, TStep>(T* theta, T* gradient, T* first, T* second, long length, TStep step) : IParts
    where T : unmanaged
    where TStep : struct, IStep<T>
{
    public int Count => Parts.Count<T>(length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int index, int thread)
    {
        var (start, end) = Parts.Range<T>(index, length);
        long i = start;
        for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> m = Vector.Load(first + i), v = TStep.HasSecond ? Vector.Load(second + i) : default;
            step.Apply(Vector.Load(theta + i), Vector.Load(gradient + i), ref m, ref v).Store(theta + i);
            m.Store(first + i);
            if (TStep.HasSecond)
            {
                v.Store(second + i);
            }
        }

        if (i < end)
        {
            long rest = end - i;
            Vector<T> m = Parts.LoadRest(first + i, rest), v = TStep.HasSecond ? Parts.LoadRest(second + i, rest) : default;
            var weights = step.Apply(Parts.LoadRest(theta + i, rest), Parts.LoadRest(gradient + i, rest), ref m, ref v);
            Parts.StoreRest(weights, theta + i, rest);
            Parts.StoreRest(m, first + i, rest);
            if (TStep.HasSecond)
            {
                Parts.StoreRest(v, second + i, rest);
            }
        }
    }
}

/// <summary>Gradient descent with momentum; see <see cref="IStepOps{T}.MomentumStep"/>.</summary>
internal readonly struct MomentumStep<T>(double rate, double mu, double decay, bool nesterov) : IStep<T> where T : unmanaged
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> weights, Vector<T> slope, ref Vector<T> first, ref Vector<T> second)
    {
        var g = Wide.MultiplyAdd(Vector.Create(Real.From<T>(decay)), weights, slope);
        first = Wide.MultiplyAdd(Vector.Create(Real.From<T>(mu)), first, g);
        var direction = nesterov ? Wide.MultiplyAdd(Vector.Create(Real.From<T>(mu)), first, g) : first;
        return Wide.MultiplyAdd(Vector.Create(Real.From<T>(-rate)), direction, weights);
    }
}

/// <summary>Adam's step t; see <see cref="IStepOps{T}.AdamStep"/>.</summary>
internal readonly struct AdamStep<T>(AdamCoefficients c, long t) : IStep<T> where T : unmanaged
{
    private readonly T _decay = Real.From<T>(c.Decay), _epsilon = Real.From<T>(c.Epsilon);
    private readonly T _beta1 = Real.From<T>(c.Beta1), _rest1 = Real.From<T>(1 - c.Beta1);
    private readonly T _beta2 = Real.From<T>(c.Beta2), _rest2 = Real.From<T>(1 - c.Beta2);

    /// <summary>η / (1 − β₁ᵗ).</summary>
    private readonly T _rate = Real.From<T>(c.Rate / (1 - Math.Pow(c.Beta1, t)));

    /// <summary>1 / (1 − β₂ᵗ).</summary>
    private readonly T _correction2 = Real.From<T>(1 / (1 - Math.Pow(c.Beta2, t)));

    public static bool HasSecond => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> weights, Vector<T> slope, ref Vector<T> first, ref Vector<T> second)
    {
        var g = Wide.MultiplyAdd(Vector.Create(_decay), weights, slope);
        first = Wide.MultiplyAdd(Vector.Create(_beta1), first, g * _rest1);
        second = Wide.MultiplyAdd(Vector.Create(_beta2), second, g * g * _rest2);
        var root = Vector.SquareRoot(second * _correction2) + Vector.Create(_epsilon);
        return weights - (first * _rate / root);
    }
}
