using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quotient.Files;

namespace Quotient.Backends.Gpu;

/// <summary>
/// Compiled programs on disk, keyed by source, options, device and driver. Several processes may share it: an entry is written under a
/// temporary name and then renamed, and one that is damaged, of another key or refused by the device is built again. Since drivers run what
/// they are given, neither a folder nor an entry is used that others may write.
/// </summary>
/// <remarks>
/// An entry is the SHA-256 of all that follows; the SHA-256 of the key; the binary's length, 8 bytes, little-endian; the binary. Where
/// nothing can be kept, programs are compiled each time.
/// </remarks>
internal sealed class ProgramCache
{
    private const int HashLength = SHA256.HashSizeInBytes, HeadLength = (2 * HashLength) + sizeof(long);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Lazy<ProgramCache> Users = new(() => new(UsersFolder()));
    private readonly string? _folder;
    private string? _problem;
    private int _writes;

    /// <summary>Makes the folder where it is missing.</summary>
    /// <param name="folder">Where entries lie; null where there is no place for them.</param>
    public ProgramCache(string? folder)
    {
        _problem = Prepare(folder);
        _folder = _problem is null ? folder : null;
    }

    /// <summary>The cache of this user: <c>QUOTIENT_CACHE</c>, else <c>kernels</c> in the user's cache.</summary>
    public static ProgramCache OfUser => Users.Value;

    /// <summary>Why compiled programs are not kept, as a sentence; null where they are.</summary>
    public string? Problem => _problem is null ? null : $"compiled kernels are not kept, and compiled again by every run: {_problem}";

    /// <summary>A loaded program.</summary>
    public nint Load(GpuDevice device, string source)
    {
        byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes($"{device.Traits.Dialect}\n{device.Traits.Key}\n{source}"));
        string? file = _folder is null ? null : Path.Combine(_folder, Convert.ToHexStringLower(key));
        if (file is not null && Read(file, key) is { } kept && device.Load(kept) is { } loaded)
        {
            return loaded;
        }

        byte[] binary = device.Compile(source);
        if (file is not null)
        {
            Write(file, key, binary);
        }

        return device.Load(binary)
            ?? throw new DeviceException($"{device.Info.Id} ({device.Info.Name}) refuses a program that it has compiled itself");
    }

    private static string? UsersFolder()
    {
        string? named = Environment.GetEnvironmentVariable("QUOTIENT_CACHE");
        string? cache = UserFolders.Cache(Environment.GetEnvironmentVariable);
        return named is { Length: > 0 } ? named : cache is null ? null : Path.Combine(cache, "kernels");
    }

    /// <summary>Makes the folder; says what is wrong with it, as the end of a sentence.</summary>
    private static string? Prepare(string? folder)
    {
        if (folder is null)
        {
            return "there is no home folder to keep them in; name a folder in QUOTIENT_CACHE";
        }

        try
        {
            UserFolders.Create(folder);
            return FileStatus.Weakness(folder) is { } weakness
                ? $"{weakness}; make it yours alone, or name another in QUOTIENT_CACHE"
                : null;
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            return $"the folder '{folder}' cannot be made: {error.Message.TrimEnd('.')}";
        }
    }

    /// <summary>The binary of an entry; null where there is none that is whole, of this key and private.</summary>
    private static byte[]? Read(string file, byte[] key)
    {
        try
        {
            using var entry = File.OpenHandle(file);
            long length = RandomAccess.GetLength(entry) - HeadLength;
            byte[] head = new byte[HeadLength];
            if (length < 0 || length > Array.MaxLength || !FileStatus.IsPrivate(entry) || RandomAccess.Read(entry, head, 0) < HeadLength
                || !head.AsSpan(HashLength).SequenceEqual(Tag(key, length)))
            {
                return null;
            }

            byte[] binary = new byte[length];
            bool isWhole = RandomAccess.Read(entry, binary, HeadLength) == length
                && Hash(head.AsSpan(HashLength), binary).AsSpan().SequenceEqual(head.AsSpan(0, HashLength));
            return isWhole ? binary : null;
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            return null;
        }
    }

    private void Write(string file, byte[] key, byte[] binary)
    {
        try
        {
            if (Interlocked.Increment(ref _writes) == 1)
            {
                TemporaryFile.RemoveStale(_folder!);
            }

            byte[] tag = Tag(key, binary.Length);
            using var entry = new TemporaryFile(file, OwnerOnly);
            entry.Stream.Write([.. Hash(tag, binary), .. tag, .. binary]);
            entry.KeepUnlessBusy();
        }
        catch (Exception error) when (WholeFile.IsOfFiles(error))
        {
            // The program runs as well without being kept.
            _problem ??= $"the folder '{_folder}' cannot be written: {error.Message.TrimEnd('.')}";
        }
    }

    /// <summary>What binds a binary to its key.</summary>
    private static byte[] Tag(byte[] key, long length)
    {
        byte[] tag = [.. key, .. new byte[sizeof(long)]];
        BinaryPrimitives.WriteInt64LittleEndian(tag.AsSpan(key.Length), length);
        return tag;
    }

    private static byte[] Hash(ReadOnlySpan<byte> tag, byte[] binary)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(tag);
        hash.AppendData(binary);
        return hash.GetHashAndReset();
    }
}
