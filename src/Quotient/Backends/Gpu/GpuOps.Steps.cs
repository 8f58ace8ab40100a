using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Steps of optimisers.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Steps = "vector/steps";

    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov)
    {
        RequireSame(gradient.Length, theta.Length);
        RequireSame(momentum.Length, theta.Length);
        var arguments = default(Arguments);
        arguments.Add(theta);
        arguments.Add(gradient);
        arguments.Add(momentum);
        arguments.Add(rate);
        arguments.Add(mu);
        arguments.Add(decay);
        arguments.Add(nesterov ? 1 : 0);
        arguments.Add(theta.Length);
        LaunchEach(Steps, "momentum_step", theta.Length, arguments);
    }

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t)
    {
        RequireSame(gradient.Length, theta.Length);
        RequireSame(m.Length, theta.Length);
        RequireSame(v.Length, theta.Length);
        var (rate, beta1, beta2, epsilon, decay) = coefficients;
        var arguments = default(Arguments);
        arguments.Add(theta);
        arguments.Add(gradient);
        arguments.Add(m);
        arguments.Add(v);
        arguments.Add(decay);
        arguments.Add(beta1);
        arguments.Add(beta2);
        arguments.Add(rate / (1 - Math.Pow(beta1, t)));
        arguments.Add(1 / (1 - Math.Pow(beta2, t)));
        arguments.Add(epsilon);
        arguments.Add(theta.Length);
        LaunchEach(Steps, "adam_step", theta.Length, arguments);
    }
}
