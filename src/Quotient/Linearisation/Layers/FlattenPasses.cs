using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary><see cref="Flatten"/> computes nothing: a signal's values lie in order whatever its shape.</summary>
internal sealed class FlattenPasses() : LayerPasses([typeof(Flatten)])
{
    public override bool PassesOn => true;

    public override bool ReadsChannelsApart => true;

    public override Stage<T>? Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => null;

    [ModuleInitializer]
    internal static void Register() => Register(new FlattenPasses());
}
