using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Training.Optimisers;

/// <summary>
/// Adaptive sharpness-aware minimisation: as <see cref="Sam"/>, but ε = ρ·T²g/‖Tg‖, where the diagonal T is |w| + η for weights
/// and 1 for biases, so that (but for η) the loss at θ + ε does not depend on how weights are scaled.
/// </summary>
/// <remarks>Source: Kwon, Kim, Park, Choi (2021), algorithm 1, and its authors' code, which leaves biases as they are.</remarks>
/// <param name="Each">The optimiser that is given the gradient.</param>
/// <param name="Radius">ρ.</param>
/// <param name="Floor">η.</param>
public sealed record Asam(Optimiser Each, double Radius = 0.5, double Floor = 0.01) : Optimiser(Each.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"asam radius={Radius} floor={Floor} {Each.Text}");

    /// <inheritdoc/>
    public override int Replicas => Each.Replicas;

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(Each);
        Require(double.IsFinite(Radius) && Radius > 0, "radius of asam", Radius, "a number above 0");
        Require(double.IsFinite(Floor) && Floor >= 0, "floor of asam", Floor, "a number, 0 or more");
    }

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new(
        "asam", "adaptive sam", [.. Sgd.Settings, Sam.RadiusSetting(0.5)], values => new Asam(Sgd.From(values), values["rho"])));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) =>
        new PerturbedOptimiser<T>(Each, context, Radius, new Direction<T>(context, Floor));

    /// <summary>ε/ρ = T²g/‖Tg‖.</summary>
    private sealed class Direction<T>(OptimiserContext<T> context, double floor) : IAscentDirection<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly IOps<T> _ops = context.Ops;
        private readonly DeviceBuffer<double> _square = context.Backend.Allocate<double>(1);
        private readonly IReadOnlyList<NetworkTensor> _weights =
            [.. context.Network.Tensors.Where(tensor => tensor.Shape.Role != TensorRole.Bias)];

        public void Find(VectorView<T> theta, VectorView<T> gradient, VectorView<T> direction)
        {
            _ops.Copy(gradient, direction);
            ScaleWeights(theta, direction);
            _ops.Dot(direction, direction, _square.All);
            ScaleWeights(theta, direction);
            _ops.DivideByRoot(direction, _square.All, direction);
        }

        public void Dispose() => _square.Dispose();

        private void ScaleWeights(VectorView<T> theta, VectorView<T> x)
        {
            foreach (var tensor in _weights)
            {
                var part = x.Slice(tensor.Offset, tensor.Size);
                _ops.ScaleByMagnitude(theta.Slice(tensor.Offset, tensor.Size), floor, part, part);
            }
        }
    }
}
