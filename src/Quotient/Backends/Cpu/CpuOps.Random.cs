using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu;

/// <summary>Random vectors and the steps of optimisers.</summary>
internal sealed unsafe partial class CpuOps<T>
{
    public void Rademacher(ulong seed, ulong stream, VectorView<T> x)
    {
        var parts = new RademacherParts<T>(seed, stream, x.Pointer(), x.Length);
        pool.Run(ref parts, parts.Count);
        GC.KeepAlive(x.Buffer);
    }

    public void Normal(ulong seed, ulong stream, VectorView<T> x)
    {
        var parts = new NormalParts<T>(seed, stream, x.Pointer(), x.Length);
        pool.Run(ref parts, parts.Count);
        GC.KeepAlive(x.Buffer);
    }

    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        RequireSame(gradient.Length, theta.Length);
        RequireSame(momentum.Length, theta.Length);
        var parts = new MomentumParts<T>(
            theta.Pointer(), gradient.Pointer(), momentum.Pointer(), theta.Length, rate, mu, decay, nesterov);
        pool.Run(ref parts, parts.Count);
        Hold(theta, gradient);
        GC.KeepAlive(momentum.Buffer);
    }

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t)
    {
        RequireSame(gradient.Length, theta.Length);
        RequireSame(m.Length, theta.Length);
        RequireSame(v.Length, theta.Length);
        var parts = new AdamParts<T>(
            theta.Pointer(), gradient.Pointer(), m.Pointer(), v.Pointer(), theta.Length, new(coefficients, t));
        pool.Run(ref parts, parts.Count);
        Hold(theta, gradient);
        Hold(m, v);
    }
}
