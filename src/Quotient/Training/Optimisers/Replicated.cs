using Quotient.Backends;

namespace Quotient.Training.Optimisers;

/// <summary>
/// y coupled replicas of a network, each from a starting point and on mini-batches of its own, in search of wide minima:
/// L = (1/y) Σ_a L_a(w_a) + (g/y) Σ_a ‖w_a − w̄‖² with w̄ their mean. θ is the centre w̄, which is what is evaluated and kept; of
/// binary layers, the signs of the mean of the shadow weights.
/// </summary>
/// <remarks>
/// The rate on L is yη, so that a step is that of <paramref name="Each"/> with η on L_a, for all replicas in one pass, and then
/// the pull w_a ← w_a − min(1, 2ηg)(w_a − w̄). The pull does not go through momentum; it can bring a replica to the centre but
/// not past it. Real tensors of a binary net are pulled as much as its shadow weights.
/// g = g₀·G^min(1, epoch/E) grows by the epoch from g₀ = (mean loss over the training set)/(mean ‖w_a − w̄‖²), both at the
/// start. Source: Pittorino et al. (2021, 2022), after Baldassi et al. (2016).
/// </remarks>
/// <param name="Each">How a replica goes downhill; its rate is η.</param>
/// <param name="Epochs">E, the epochs over which g grows.</param>
/// <param name="Count">y.</param>
/// <param name="Growth">G.</param>
public sealed record Replicated(Optimiser Each, int Epochs, int Count = 3, double Growth = 1e4) : Optimiser(Each.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant(
        $"replicated count={Count} growth={Growth} epochs={Epochs} {Each.Text}");

    /// <inheritdoc/>
    public override int Replicas => Count;

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(Each);
        Require(Count >= 2, "number of replicas", Count, "2 or more");
        Require(Epochs >= 0, "number of epochs of growing coupling", Epochs, "0 or more");
        Require(double.IsFinite(Growth) && Growth >= 1, "growth of the coupling", Growth, "a number, 1 or more");
        QuotientException.ThrowIf(Each.Replicas > 1, $"replicas of replicas are not trained, as '{Text}' asks for");
    }

    /// <inheritdoc/>
    public override bool MovesSigns => Each.MovesSigns;

    /// <inheritdoc/>
    public override void CheckNetwork(Network network) => Each.CheckNetwork(network);

    [ModuleInitializer]
    internal static void Register()
    {
        Register("rsgd", "replicas of sgd", Sgd.Settings, Sgd.From);
        Register("rbinarynet", "replicas of binarynet", BinaryNet.Settings, BinaryNet.From);
    }

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => new AtWork<T>(this, context);

    private static void Register(
        string name, string help, IReadOnlyList<Setting> each, Func<IReadOnlyDictionary<string, double>, Optimiser> make) =>
        Kinds.Register(new(
            name,
            help,
            [
                .. each, Setting.Whole("replicas", 3, 2, "Number of replicas"),
                new(
                    "coupling-growth", 1e4, value => value >= 1, "a number, 1 or more",
                    "How many times stronger the coupling of replicas is in the last epoch than at the start"),
                Setting.Whole("epochs", 10, 0, "Epochs over which the coupling grows"),
            ],
            values => new Replicated(make(values), (int)values["epochs"], (int)values["replicas"], values["coupling-growth"])));

    private double CouplingFactor(int epoch) => Epochs == 0 ? Growth : Math.Pow(Growth, Math.Min(1, (double)epoch / Epochs));

    private sealed class AtWork<T>(Replicated constants, OptimiserContext<T> context) : IOptimiser<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly IOps<T> _ops = context.Ops;
        private readonly DeviceBuffer<T> _replicas = (context with { Copies = constants.Count }).NewVector();
        private readonly DeviceBuffer<T> _coupling = context.Backend.Allocate<T>(1);
        private readonly IOptimiser<T> _each = constants.Each.Start(context with { Copies = constants.Count });
        private double? _start;

        public IReadOnlyList<(string Name, VectorView<T> Values)> State =>
            [("replicas", _replicas.All), ("coupling", _coupling.All), .. _each.State];

        public void Step(IObjective<T> objective, VectorView<T> theta, StepPlace place, CancellationToken cancellationToken)
        {
            if (place.Number == 1)
            {
                Begin(theta, cancellationToken);
            }

            // Read once a run, in the precision in which a checkpoint holds it.
            _start ??= double.CreateChecked(context.Backend.Read(_coupling.All)[0]);
            _each.Step(objective, _replicas.All, place, cancellationToken);
            FindCentre(theta);
            Pull(theta, Math.Min(1, 2 * place.Rate * _start.Value * constants.CouplingFactor(place.Epoch)));
        }

        public void Dispose()
        {
            _each.Dispose();
            _replicas.Dispose();
            _coupling.Dispose();
        }

        private VectorView<T> Replica(int index) => _replicas.Slice(index * context.Dimension, context.Dimension);

        /// <summary>Draws the replicas, the first of which starts at θ, and finds g₀.</summary>
        private void Begin(VectorView<T> theta, CancellationToken cancellationToken)
        {
            _ops.Copy(theta, Replica(0));
            for (int replica = 1; replica < constants.Count; replica++)
            {
                context.DrawStart(replica, Replica(replica));
            }

            double loss = Enumerable.Range(0, constants.Count)
                .Average(replica => context.TrainingLoss(Replica(replica), cancellationToken));
            FindCentre(theta);
            double distance = MeanSquaredDistance(theta);
            context.Backend.Write<T>([T.CreateChecked(distance > 0 ? loss / distance : 0)], _coupling.All);
        }

        private void FindCentre(VectorView<T> centre)
        {
            _ops.SumRows(_replicas.Matrix(constants.Count, centre.Length), 0, centre);
            _ops.Scale(1.0 / constants.Count, centre);
        }

        private double MeanSquaredDistance(VectorView<T> centre)
        {
            using var difference = context.NewVector();
            using var square = context.Backend.Allocate<double>(1);
            return Enumerable.Range(0, constants.Count).Average(replica =>
            {
                _ops.Copy(Replica(replica), difference.All);
                _ops.Axpy(-1, centre, difference.All);
                _ops.Dot(difference.All, difference.All, square.All);
                return context.Backend.Read(square.All)[0];
            });
        }

        private void Pull(VectorView<T> centre, double share)
        {
            _ops.Scale(1 - share, _replicas.All);
            for (int replica = 0; replica < constants.Count; replica++)
            {
                _ops.Axpy(share, centre, Replica(replica));
            }
        }
    }
}
