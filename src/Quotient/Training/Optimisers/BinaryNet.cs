using Quotient.Backends;

namespace Quotient.Training.Optimisers;

/// <summary>
/// Training of binary layers through the real shadow weights w that they keep: g = ∇L at sign(w), passed straight through sign
/// activations; m ← μm + g; w ← min(max(w − ηm, −1), 1). Real tensors (a real first layer, biases) take the rate f·η and are
/// not clipped.
/// </summary>
/// <remarks>Source: Hubara, Courbariaux, Soudry, El-Yaniv, Bengio (2016), with the plain SGD of Pittorino et al. (2022).</remarks>
/// <param name="Rate">η, of order 10 to 100: the scale 1/√inputs of a binary layer makes its gradients small.</param>
/// <param name="Momentum">μ; 0 for none.</param>
/// <param name="RealFactor">f.</param>
public sealed record BinaryNet(double Rate = 100, double Momentum = 0, double RealFactor = 0.01) : Optimiser(Rate)
{
    /// <inheritdoc/>
    public override string Text =>
        FormattableString.Invariant($"binarynet rate={Rate} momentum={Momentum} real-factor={RealFactor}");

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "a number from 0 to below 1");
        Require(double.IsFinite(RealFactor) && RealFactor >= 0, "factor of the rate of real tensors", RealFactor, "a number, 0 or more");
    }

    /// <inheritdoc/>
    public override bool MovesSigns => true;

    /// <summary>The numbers that it is made from, here and within other optimisers.</summary>
    internal static IReadOnlyList<Setting> Settings { get; } =
    [
        RateSetting(100), MomentumSetting(0),
        new(
            "real-factor", 0.01, value => value >= 0, "a number, 0 or more",
            "Step size of the real weights and biases of a binary net, as a multiple of that of its signs"),
    ];

    internal static BinaryNet From(IReadOnlyDictionary<string, double> values) =>
        new(values["learning-rate"], values["momentum"], values["real-factor"]);

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new("binarynet", "for binary nets", Settings, From));

    /// <inheritdoc/>
    public override IOptimiser<T> Start<T>(OptimiserContext<T> context)
    {
        var (ops, runs) = (context.Ops, Runs(context.Network, context.Copies));
        return new GradientSteps<T>(context, Momentum > 0 ? ["momentum"] : [], (theta, gradient, memory, place) =>
        {
            foreach (var (offset, length, isBinary) in runs)
            {
                var (part, g) = (theta.Slice(offset, length), gradient.Slice(offset, length));
                double rate = isBinary ? place.Rate : place.Rate * RealFactor;
                if (Momentum > 0)
                {
                    ops.MomentumStep(part, g, memory[0].Slice(offset, length), rate, Momentum, 0, false);
                }
                else
                {
                    ops.Axpy(-rate, g, part);
                }

                if (isBinary)
                {
                    ops.Clamp(part, 1, part);
                }
            }
        });
    }

    /// <summary>The longest runs of neighbouring parameters that are stepped alike, in so many θs one after the other.</summary>
    private static List<(long Offset, long Length, bool IsBinary)> Runs(Network network, int copies)
    {
        var runs = new List<(long Offset, long Length, bool IsBinary)>();
        foreach (var tensor in Enumerable.Repeat(network.Tensors, copies).SelectMany(tensors => tensors))
        {
            var last = runs.LastOrDefault();
            if (runs.Count > 0 && last.IsBinary == tensor.IsBinary)
            {
                runs[^1] = (last.Offset, last.Length + tensor.Size, last.IsBinary);
            }
            else
            {
                runs.Add((last.Offset + last.Length, tensor.Size, tensor.IsBinary));
            }
        }

        return runs;
    }
}
