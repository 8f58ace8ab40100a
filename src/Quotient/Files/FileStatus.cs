using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quotient.Files;

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
/// <param name="Owner">Whose it is; null where the system does not tell.</param>
/// <param name="OthersWrite">Whether others than its owner may write it.</param>
internal readonly partial record struct FileStatus(
    FileKind Kind, (ulong Device, ulong Number)? Identity, (uint User, uint Group)? Owner, bool OthersWrite = false)
{
    private const int AtWorkingFolder = -100, OfDescriptor = 0x1000, KindModeOwnerAndNumber = 0x11b, KindMask = 0xF000;
    private const int WritableByOthers = (int)(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

    /// <summary>The status; null where there is nothing of that name.</summary>
    public static FileStatus? Of(string path) =>
        OperatingSystem.IsLinux() && Ask(AtWorkingFolder, path, 0) is { } known ? known
        : Directory.Exists(path) ? new(FileKind.Folder, null, null)
        : !File.Exists(path) ? null
        : new(!OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) ? FileKind.Stream : FileKind.Ordinary, null, null);

    /// <summary>
    /// How others than this user come to write a folder, as the end of a sentence; null where they may not, or where the system does not tell.
    /// </summary>
    public static string? Weakness(string folder) =>
        !OperatingSystem.IsLinux() ? null
        : Ask(AtWorkingFolder, folder, 0) is not { } status ? $"the folder '{folder}' cannot be looked at"
        : status.Owner?.User != EffectiveUser() ? $"the folder '{folder}' belongs to another user"
        : status.OthersWrite ? $"others may write the folder '{folder}'"
        : null;

    /// <summary>Whether an open file is this user's, and only this user may write it; or the system does not tell.</summary>
    public static bool IsPrivate(SafeFileHandle file) =>
        !OperatingSystem.IsLinux()
        || (Ask((int)file.DangerousGetHandle(), "", OfDescriptor) is { OthersWrite: false, Owner: { } owner } && owner.User == EffectiveUser());

    /// <summary>Gives another file to the owner of this, where that is allowed: to the administrator it is.</summary>
    public void GiveToOwner(SafeFileHandle file)
    {
        if (Owner is { } owner)
        {
            _ = ChangeOwner(file, owner.User, owner.Group);
        }
    }

    private static unsafe FileStatus? Ask(int folder, string path, int flags)
    {
        Known known;
        return Status(folder, path, flags, KindModeOwnerAndNumber, &known) != 0
            ? null
            : new(
                KindOf(known.Mode & KindMask), (((ulong)known.DeviceMajor << 32) | known.DeviceMinor, known.Number), (known.User, known.Group),
                (known.Mode & WritableByOthers) != 0);
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

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    /// <summary>Linux's <c>struct statx</c>, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Known
    {
        [FieldOffset(20)]
        public readonly uint User;

        [FieldOffset(24)]
        public readonly uint Group;

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
