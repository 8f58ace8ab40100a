namespace Quotient;

/// <summary>Passes reports on at once, on the thread that makes them; <see cref="Progress{T}"/> would queue them.</summary>
public sealed class Relay<T>(Action<T> action) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => action(value);
}
