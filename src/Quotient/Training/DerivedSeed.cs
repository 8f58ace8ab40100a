using Quotient.Backends;

namespace Quotient.Training;

/// <summary>
/// Seeds derived from one seed, so that the parts of a training draw different numbers from each other and from trainings with
/// neighbouring seeds.
/// </summary>
internal static class DerivedSeed
{
    // "REPL" and "ADVS".
    private const ulong ReplicaStream = 0x5245504C_00000000, AdversarialStream = 0x41445653_00000000;

    /// <summary>The seed of a replica's starting point and orders; that of replica 0 is the training's own.</summary>
    public static ulong OfReplica(ulong seed, int replica) => replica == 0 ? seed : Draw(seed, ReplicaStream, (ulong)replica);

    /// <summary>The seed of an adversarial start: its wrong labels, what it leaves out, its orders.</summary>
    public static ulong OfAdversarialStart(ulong seed) => Draw(seed, AdversarialStream, 0);

    private static ulong Draw(ulong seed, ulong stream, ulong number)
    {
        var (x, y, _, _) = Philox.Block(seed, stream, number);
        return ((ulong)y << 32) | x;
    }
}
