namespace Quotient.Backends.Reference;

/// <summary>The oracle: every operation as a plain loop in double, kept simple enough to be seen to be right.</summary>
/// <param name="memoryLimit">Bytes that its buffers may take in all.</param>
public sealed class ReferenceBackend(long memoryLimit = long.MaxValue) : HostBackend(Info, memoryLimit)
{
    internal static DeviceInfo Info { get; } = new(
        "reference", "plain double loops", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 1, "the oracle of the tests");

    /// <inheritdoc/>
    public override IOps<T> Ops<T>() => new ReferenceOps<T>();
}

/// <summary>Offers the reference backend, which <c>auto</c> never picks while another works.</summary>
public sealed class ReferenceProvider : IBackendProvider
{
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
