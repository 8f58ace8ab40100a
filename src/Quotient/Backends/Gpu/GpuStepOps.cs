namespace Quotient.Backends.Gpu;

/// <summary>Steps of optimisers.</summary>
internal sealed class GpuStepOps<T>(Launcher<T> launcher) : IStepOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Steps = "vector/steps";

    public void MomentumStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> momentum, double rate, double mu, double decay, bool nesterov) =>
        launcher.Each(
            Steps, "momentum_step", theta.Length,
            new() { theta, gradient, momentum, rate, mu, decay, nesterov ? 1 : 0, theta.Length });

    public void AdamStep(
        VectorView<T> theta, VectorView<T> gradient, VectorView<T> m, VectorView<T> v, AdamCoefficients coefficients, long t)
    {
        var (rate, beta1, beta2, epsilon, decay) = coefficients;
        double rateAtStep = rate / (1 - Math.Pow(beta1, t)), correction = 1 / (1 - Math.Pow(beta2, t));
        launcher.Each(
            Steps, "adam_step", theta.Length,
            new() { theta, gradient, m, v, decay, beta1, beta2, rateAtStep, correction, epsilon, theta.Length });
    }
}
