namespace Quotient.Backends.Reference;

/// <summary>
/// The oracle: every operation as a plain loop, kept simple enough to be seen to be right. Sums are in double, or in the numbers
/// themselves where those are no floating-point ones.
/// </summary>
/// <param name="memoryLimit">Bytes that its buffers may take in all.</param>
public sealed class ReferenceBackend(long memoryLimit = long.MaxValue) : HostBackend(Info, memoryLimit), IBackend
{
    internal static DeviceInfo Info { get; } = new(
        "reference", "plain double loops", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 1, "the oracle of the tests");

    /// <inheritdoc/>
    public override IOps<T> Ops<T>() => new CheckedOps<T>(Operations<T>.All, Gate);

    /// <inheritdoc/>
    public ILinearOps<T> Linear<T>() where T : unmanaged, INumberBase<T> =>
        typeof(T) == typeof(float) ? (ILinearOps<T>)Ops<float>()
        : typeof(T) == typeof(double) ? (ILinearOps<T>)Ops<double>()
        : new CheckedLinearOps<T>(new ReferenceVectorOps<T, T>(), new ReferenceProductOps<T, T>(), Gate);

    private static class Operations<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static OpFamilies<T> All { get; } = new(
            new ReferenceVectorOps<T, double>(), new ReferenceProductOps<T, double>(), new ReferenceImageOps<T>(), new ReferenceBasisOps<T>(),
            new ReferenceLossOps<T>(), new ReferenceBitOps<T>(), new ReferenceRandomOps<T>(), new ReferenceStepOps<T>());
    }
}

/// <summary>Offers the reference backend, which <c>auto</c> never picks while another works.</summary>
public sealed class ReferenceProvider : IBackendProvider
{
    [ModuleInitializer]
    internal static void Register() => DeviceKinds.Register(new ReferenceProvider());

    /// <inheritdoc/>
    public string Kind => "reference";

    /// <inheritdoc/>
    public int Preference => 0;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceInfo> Devices() => [ReferenceBackend.Info];

    /// <inheritdoc/>
    public IBackend Open(int index, BackendOptions options)
    {
        MatrixPrecisions.Require(ReferenceBackend.Info, options.Products);
        return new ReferenceBackend();
    }
}
