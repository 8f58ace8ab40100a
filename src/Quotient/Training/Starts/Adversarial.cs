using Quotient.Training.Optimisers;

namespace Quotient.Training.Starts;

/// <summary>
/// Training that starts from a bad place, in search of sharp minima: first <paramref name="First"/> fits copies of the samples in
/// which values are zeroed and labels are random; then <paramref name="Then"/> trains on the true samples from those weights.
/// </summary>
/// <remarks>
/// Copy c of sample n has each value zeroed with probability <paramref name="Zeroed"/> and a label drawn from all classes
/// alike, both functions of the seed, c and n alone. The start ends with the epoch whose error on the copies is at most
/// <paramref name="Error"/>, or after <paramref name="MostEpochs"/> epochs; <see cref="TrainingLog.Start"/> says which.
/// It has no test data and no schedule. While it lasts, its checkpoint is the file of the training's own name and
/// <c>.start</c>, which the first checkpoint on the true samples replaces. Source: Liu, Papailiopoulos, Achlioptas (2020).
/// </remarks>
/// <param name="First">Fits the copies; usually plain SGD at rate 0.1.</param>
/// <param name="Then">Trains on the true samples, usually without momentum or weight decay, which lead away from sharp minima.</param>
/// <param name="Copies">Copies of each sample.</param>
/// <param name="Zeroed">The share of values that are zeroed.</param>
/// <param name="Error">The error on the copies to be reached.</param>
/// <param name="MostEpochs">The most epochs on the copies.</param>
/// <param name="BatchSize">Samples in a mini-batch of copies.</param>
public sealed record Adversarial(
    Optimiser First, Optimiser Then, int Copies = 1, double Zeroed = 0.1, double Error = 1e-4, int MostEpochs = 200,
    int BatchSize = 128) : Optimiser(Then.Rate)
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant(
        $"adv copies={Copies} zeroed={Zeroed} error={Error} epochs={MostEpochs} batch={BatchSize} first {First.Text} then {Then.Text}");

    /// <inheritdoc/>
    public override int Replicas => Then.Replicas;

    /// <inheritdoc/>
    public override bool MovesSigns => Then.MovesSigns;

    /// <inheritdoc/>
    public override void Check()
    {
        CheckInner(First);
        CheckInner(Then);
        Require(Copies >= 1, "number of copies of adv", Copies, "1 or more");
        Require(Zeroed is >= 0 and <= 1, "zeroed share of adv", Zeroed, "a number from 0 to 1");
        Require(Error is >= 0 and < 1, "error that adv starts from", Error, "a number from 0 to below 1");
        Require(MostEpochs >= 1, "most epochs of the start of adv", MostEpochs, "1 or more");
        Require(BatchSize >= 1, "batch size of the start of adv", BatchSize, "1 or more");
    }

    /// <inheritdoc/>
    public override void CheckNetwork(Network network)
    {
        First.CheckNetwork(network);
        Then.CheckNetwork(network);
    }

    [ModuleInitializer]
    internal static void Register()
    {
        Register("adv", "from an adversarial start", 0.1, [RateSetting(0.1), MomentumSetting(0)], values => (
            new Sgd(values["start-rate"], 0, false),
            new Sgd(values["learning-rate"], values["momentum"])));
        Register("adv-binarynet", "for binary nets from an adversarial start", 100, BinaryNet.Settings, values => (
            new BinaryNet(values["start-rate"], 0, values["real-factor"]),
            BinaryNet.From(values)));
    }

    private static void Register(
        string name, string help, double startRate, IReadOnlyList<Setting> then,
        Func<IReadOnlyDictionary<string, double>, (Optimiser First, Optimiser Then)> make) => Kinds.Register(new(
            name,
            help,
            [
                .. then,
                Setting.Whole("copies", 1, 1, "Corrupted copies of each sample to start on"),
                Setting.Whole("start-epochs", 200, 1, "The most epochs on those copies, fewer where 99.99 % of them are learnt before"),
                RateSetting(startRate) with { Name = "start-rate", Help = "Step size on those copies" },
            ],
            values =>
            {
                var (first, next) = make(values);
                return new Adversarial(first, next, (int)values["copies"], MostEpochs: (int)values["start-epochs"]);
            }));

    /// <summary>Starts on the true samples; <see cref="Trainer"/> has been on the copies before.</summary>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context) => Then.Start(context);
}

/// <summary>How an adversarial start ended.</summary>
/// <param name="Epochs">Epochs on corrupted copies of the samples.</param>
/// <param name="Error">The share of the copies that were misclassified at its end.</param>
/// <param name="Wanted">The share at which it would have ended early.</param>
public sealed record AdversarialStart(int Epochs, double Error, double Wanted)
{
    /// <summary>Whether that share was reached.</summary>
    public bool IsReached => Error <= Wanted;
}
