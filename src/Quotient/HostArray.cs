using Quotient.Backends;

namespace Quotient;

/// <summary>Large arrays on the host, whose length a file or an option says.</summary>
internal static class HostArray
{
    /// <summary>Requests below this are not compared with what is free, which takes as long to find out as to serve them.</summary>
    private const long SmallRequest = 64L << 20;

    /// <summary>An array whose elements are not set, at once of its final length; refused where so much memory is not free.</summary>
    /// <param name="length">The number of elements.</param>
    /// <param name="what">What takes them, the first words of the sentence that refuses.</param>
    /// <exception cref="QuotientException">The array does not fit.</exception>
    public static T[] New<T>(long length, Func<string> what) where T : unmanaged =>
        Allocate(length, what, GC.AllocateUninitializedArray<T>);

    /// <summary>The same of zeros.</summary>
    /// <inheritdoc cref="New"/>
    public static T[] Zeros<T>(long length, Func<string> what) where T : unmanaged => Allocate(length, what, GC.AllocateArray<T>);

    private static T[] Allocate<T>(long length, Func<string> what, Func<int, bool, T[]> allocate) where T : unmanaged
    {
        QuotientException.ThrowIf(
            length > Array.MaxLength, $"{what()} has {length} values, more than the {Array.MaxLength} that an array in memory holds");

        long bytes = length * Unsafe.SizeOf<T>();
        if (bytes > SmallRequest && HostMemory.Free is var free && bytes > free)
        {
            throw new QuotientException($"{what()} takes {bytes} bytes of memory, but only {Math.Max(free, 0)} are free");
        }

        try
        {
            return allocate((int)length, false);
        }
        catch (OutOfMemoryException refused)
        {
            throw new QuotientException($"{what()} takes {bytes} bytes of memory, more than this process can have", refused);
        }
    }
}
