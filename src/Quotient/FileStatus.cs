using System.Runtime.InteropServices;

namespace Quotient;

/// <summary>What a name stands for.</summary>
internal enum FileKind
{
    Ordinary,
    Folder,

    /// <summary>A pipe, a terminal, a device of characters: what is written goes by.</summary>
    Stream,

    /// <summary>A disk, a socket: nothing to write a file to.</summary>
    Other,
}

/// <summary>What the system knows of a file, links followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Identity">Device and number, the same for all names of one file; null where the system does not tell.</param>
internal readonly partial record struct FileStatus(FileKind Kind, (ulong Device, ulong Number)? Identity)
{
    private const int AtWorkingFolder = -100, TypeAndNumber = 0x101, KindMask = 0xF000;

    /// <summary>The status; null where there is nothing of that name.</summary>
    public static FileStatus? Of(string path) =>
        OperatingSystem.IsLinux() && Ask(path) is { } known ? known
        : Directory.Exists(path) ? new(FileKind.Folder, null)
        : !File.Exists(path) ? null
        : new(!OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) ? FileKind.Stream : FileKind.Ordinary, null);

    private static unsafe FileStatus? Ask(string path)
    {
        Known known;
        return Status(AtWorkingFolder, path, 0, TypeAndNumber, &known) != 0
            ? null
            : new(KindOf(known.Mode & KindMask), (((ulong)known.DeviceMajor << 32) | known.DeviceMinor, known.Number));
    }

    private static FileKind KindOf(int kind) => kind switch
    {
        0x8000 => FileKind.Ordinary,
        0x4000 => FileKind.Folder,
        0x1000 or 0x2000 => FileKind.Stream,
        _ => FileKind.Other,
    };

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, Known* known);

    /// <summary>Linux's <c>struct statx</c>, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Known
    {
        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Number;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;
    }
}
