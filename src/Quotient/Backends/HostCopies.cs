namespace Quotient.Backends;

/// <summary>Between device memory and arrays.</summary>
internal static class HostCopies
{
    /// <summary>A copy on the host, after all queued work.</summary>
    public static T[] Read<T>(this IBackend backend, VectorView<T> source) where T : unmanaged
    {
        var host = new T[source.Length];
        backend.Read(source, host.AsSpan());
        return host;
    }

    /// <summary>A copy on the device.</summary>
    public static DeviceBuffer<T> Store<T>(this IBackend backend, ReadOnlySpan<T> values) where T : unmanaged
    {
        var buffer = backend.Allocate<T>(values.Length);
        backend.Write(values, buffer.All);
        return buffer;
    }
}
