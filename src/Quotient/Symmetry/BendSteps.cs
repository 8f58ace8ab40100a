using Quotient.Backends;
using Quotient.Spectra;
using Quotient.Training;

namespace Quotient.Symmetry;

/// <summary>
/// Trains θ_m, the bend of φ(t) = (1 − 2t) A + 2t θ_m up to t = ½ and (2t − 1) B + (2 − 2t) θ_m from there: each step draws one t uniformly and
/// hands another optimiser ∂/∂θ_m of the loss at φ(t), which is 2t or 2 − 2t times the gradient there. A and B stay.
/// </summary>
/// <param name="Each">The optimiser that is given the gradient.</param>
/// <param name="A">Where the path begins.</param>
/// <param name="B">Where it ends.</param>
/// <param name="Seed">What t is drawn from.</param>
internal sealed record BendSteps(Optimiser Each, double[] A, double[] B, ulong Seed) : Optimiser(Each.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"bend seed={Seed} {Each.Text}");

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(Each);
        QuotientException.ThrowIf(Each.Replicas > 1, $"a bend is one network, not the {Each.Replicas} replicas of {Each.Text}");
    }

    /// <inheritdoc/>
    public override void CheckNetwork(Network network) => Each.CheckNetwork(network);

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new Steps<T>(this, context);

    /// <summary>t of a step, uniform in [0, 1).</summary>
    internal double PlaceOf(long step)
    {
        var (x, y, _, _) = Philox.Block(Seed, RandomStreams.Bend, (ulong)step);
        return ((((ulong)y << 32) | x) >> 11) * (1.0 / (1L << 53));
    }

    private sealed class Steps<T>(BendSteps owner, OptimiserContext<T> context) : IOptimiser<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly IOptimiser<T> _inner = owner.Each.Start(context);
        private readonly DeviceBuffer<T> _a = context.Backend.Store<T>(Array.ConvertAll(owner.A, T.CreateChecked));
        private readonly DeviceBuffer<T> _b = context.Backend.Store<T>(Array.ConvertAll(owner.B, T.CreateChecked));
        private readonly DeviceBuffer<T> _point = context.NewVector();

        public IReadOnlyList<(string Name, VectorView<T> Values)> State => _inner.State;

        public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken) =>
            _inner.Step(new OnPath(this, objective, owner.PlaceOf(place.Number)), theta, place, cancellationToken);

        public void Dispose()
        {
            _inner.Dispose();
            _a.Dispose();
            _b.Dispose();
            _point.Dispose();
        }

        private sealed class OnPath(Steps<T> steps, IObjective<T> objective, double t) : IObjective<T>
        {
            public int Replicas => objective.Replicas;

            public void Gradient(MatrixView<T> theta, MatrixView<T> gradient, CancellationToken cancellationToken)
            {
                var (ops, point) = (steps.Ops, steps._point.All);
                double share = t < 0.5 ? 2 * t : 2 - (2 * t);
                ops.Copy((t < 0.5 ? steps._a : steps._b).All, point);
                ops.Scale(1 - share, point);
                ops.Axpy(share, theta.Row(0), point);
                objective.Gradient(point.AsMatrix(1, point.Length), gradient, cancellationToken);
                ops.Scale(share, gradient.Row(0));
            }
        }

        private IOps<T> Ops => context.Ops;
    }
}
