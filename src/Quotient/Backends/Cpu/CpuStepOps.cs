using System.Numerics;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Random vectors.</summary>
internal sealed unsafe class CpuRandomOps<T>(WorkerPool pool) : IRandomOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x)
    {
        var parts = new RademacherParts<T>(seed, stream, x.Pointer(), x.Length);
        pool.Run(ref parts, parts.Count);
    }

    public void Normal(ulong seed, ulong stream, VectorView<T> x)
    {
        var parts = new NormalParts<T>(seed, stream, x.Pointer(), x.Length);
        pool.Run(ref parts, parts.Count);
    }
}

/// <summary>Steps of optimisers.</summary>
internal sealed unsafe class CpuStepOps<T>(WorkerPool pool) : IStepOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        var parts = new MomentumParts<T>(
            theta.Pointer(), gradient.Pointer(), momentum.Pointer(), theta.Length, rate, mu, decay, nesterov);
        pool.Run(ref parts, parts.Count);
    }

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t)
    {
        var parts = new AdamParts<T>(
            theta.Pointer(), gradient.Pointer(), m.Pointer(), v.Pointer(), theta.Length, new(coefficients, t));
        pool.Run(ref parts, parts.Count);
    }
}
