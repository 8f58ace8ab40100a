using System.Globalization;

namespace Quotient.Backends;

/// <summary>How much of the host's memory is free now.</summary>
internal static class HostMemory
{
    private const string LinuxFigures = "/proc/meminfo";

    /// <summary>
    /// What the kernel says is available, where it says so, within the limit that the runtime found for this process (a
    /// container's); elsewhere what the runtime saw at its last collection.
    /// </summary>
    public static long Free
    {
        get
        {
            var info = GC.GetGCMemoryInfo();
            long limit = info.TotalAvailableMemoryBytes - Environment.WorkingSet;
            return Math.Min(limit, Available() ?? info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        }
    }

    private static long? Available()
    {
        if (!File.Exists(LinuxFigures))
        {
            return null;
        }

        // A line such as "MemAvailable:   22662000 kB".
        string? line = File.ReadLines(LinuxFigures).FirstOrDefault(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal));
        string? number = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
        return long.TryParse(number, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes << 10 : null;
    }
}
