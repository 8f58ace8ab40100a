using System.Numerics;
using static Quotient.Backends.Reference.Loops;

namespace Quotient.Backends.Reference;

/// <summary>Random vectors.</summary>
internal sealed class ReferenceRandomOps<T> : IRandomOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x) =>
        Each(x, i => Philox.Sign(seed, stream, (ulong)i) ? 1 : -1);

    public void Normal(ulong seed, ulong stream, VectorView<T> x) => Each(x, i =>
    {
        var (first, second) = Philox.Normals(seed, stream, (ulong)i / 2);
        return i % 2 == 0 ? first : second;
    });
}

/// <summary>Steps of optimisers.</summary>
internal sealed class ReferenceStepOps<T> : IStepOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        for (long i = 0; i < theta.Length; i++)
        {
            double g = At(gradient, i) + (decay * At(theta, i));
            double m = (mu * At(momentum, i)) + g;
            Set(momentum, i, m);
            Set(theta, i, At(theta, i) - (rate * (nesterov ? g + (mu * m) : m)));
        }
    }

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients c, long t)
    {
        double bias1 = 1 - Math.Pow(c.Beta1, t), bias2 = 1 - Math.Pow(c.Beta2, t);
        for (long i = 0; i < theta.Length; i++)
        {
            double g = At(gradient, i) + (c.Decay * At(theta, i));
            double first = (c.Beta1 * At(m, i)) + ((1 - c.Beta1) * g);
            double second = (c.Beta2 * At(v, i)) + ((1 - c.Beta2) * g * g);
            Set(m, i, first);
            Set(v, i, second);
            Set(theta, i, At(theta, i) - (c.Rate * (first / bias1) / (Math.Sqrt(second / bias2) + c.Epsilon)));
        }
    }
}
