using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quotient;

/// <summary>Whose files are, and who else may write them: on Linux, of which .NET tells the mode but not the owner; elsewhere all count as private.</summary>
internal static unsafe partial class Ownership
{
    private const int WorkingFolder = -100, OfDescriptor = 0x1000, BasicStatus = 0x7ff;
    private const int OthersWrite = (int)(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

    /// <summary>How others than this user come to write a folder, as the end of a sentence; null where they may not.</summary>
    public static string? Weakness(string folder)
    {
        FileStatus status;
        return !OperatingSystem.IsLinux() ? null
            : statx(WorkingFolder, folder, 0, BasicStatus, &status) != 0 ? $"the folder '{folder}' cannot be looked at"
            : status.Owner != geteuid() ? $"the folder '{folder}' belongs to another user"
            : (status.Mode & OthersWrite) != 0 ? $"others may write the folder '{folder}'"
            : null;
    }

    /// <summary>Whether an open file is this user's, and only this user may write it.</summary>
    public static bool IsPrivate(SafeFileHandle file)
    {
        FileStatus status;
        return !OperatingSystem.IsLinux()
            || (statx((int)file.DangerousGetHandle(), "", OfDescriptor, BasicStatus, &status) == 0
                && status.Owner == geteuid() && (status.Mode & OthersWrite) == 0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    /// <summary>What is used of <c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
