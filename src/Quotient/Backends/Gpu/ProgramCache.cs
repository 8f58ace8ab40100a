using System.Security.Cryptography;
using System.Text;

namespace Quotient.Backends.Gpu;

/// <summary>
/// Compiled programs on disk, keyed by source, options, device and driver. Several processes may share it: an entry is written under a
/// temporary name and then renamed, and one that is damaged or that the device refuses is built again.
/// </summary>
/// <remarks>
/// An entry is the SHA-256 of the binary, then the binary. The folder is <c>QUOTIENT_CACHE</c>, else <c>quotient/kernels</c> in
/// the user's cache; where it cannot be written, programs are compiled each time.
/// </remarks>
/// <param name="folder">Where entries lie; null to keep none.</param>
internal sealed class ProgramCache(string? folder)
{
    private const int HashLength = SHA256.HashSizeInBytes;
    private readonly string? _folder = Create(folder);

    /// <summary>The cache of this user.</summary>
    public ProgramCache() : this(UsersFolder())
    {
    }

    /// <summary>A loaded program.</summary>
    public nint Load(GpuDevice device, string source)
    {
        string? file = _folder is null ? null : Path.Combine(_folder, Key(device, source));
        if (Read(file) is { } kept && device.Load(kept) is { } loaded)
        {
            return loaded;
        }

        byte[] binary = device.Compile(source);
        Write(file, binary);
        return device.Load(binary)
            ?? throw new DeviceException($"{device.Info.Id} ({device.Info.Name}) refuses a program that it has compiled itself");
    }

    private static string Key(GpuDevice device, string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{device.Traits.Dialect}\n{device.Traits.Key}\n{source}")));

    private static string? UsersFolder()
    {
        string? named = Environment.GetEnvironmentVariable("QUOTIENT_CACHE");
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string? usual = user.Length > 0 ? Path.Combine(user, "quotient", "kernels") : null;
        return named is { Length: > 0 } ? named : usual;
    }

    private static string? Create(string? folder)
    {
        try
        {
            return folder is null ? null : Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[]? Read(string? file)
    {
        try
        {
            byte[] entry = file is not null && File.Exists(file) ? File.ReadAllBytes(file) : [];
            bool isWhole = entry.Length > HashLength
                && SHA256.HashData(entry.AsSpan(HashLength)).AsSpan().SequenceEqual(entry.AsSpan(0, HashLength));
            return isWhole ? entry[HashLength..] : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(string? file, byte[] binary)
    {
        if (file is null)
        {
            return;
        }

        string temporary = $"{file}.{Environment.ProcessId}.{Guid.NewGuid():n}";
        try
        {
            File.WriteAllBytes(temporary, [.. SHA256.HashData(binary), .. binary]);
            File.Move(temporary, file, true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The program runs as well without being kept.
            Remove(temporary);
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It could not be written either.
        }
    }
}
