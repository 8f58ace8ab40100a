using System.Security.Cryptography;
using System.Text;

namespace Quotient.Backends.Gpu;

/// <summary>
/// Compiled programs on disk, keyed by source, device and driver. Several processes may share it: an entry is written under a
/// temporary name and then renamed, and one that is damaged or that the device refuses is built again.
/// </summary>
/// <remarks>
/// An entry is the SHA-256 of the binary, then the binary. The folder is <c>QUOTIENT_CACHE</c>, else <c>quotient/kernels</c> in the
/// user's cache; where it cannot be written, programs are compiled each time.
/// </remarks>
internal sealed class ProgramCache
{
    private const int HashLength = SHA256.HashSizeInBytes;
    private readonly string? _folder = Folder();

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

    private static string? Folder()
    {
        string? named = Environment.GetEnvironmentVariable("QUOTIENT_CACHE");
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string folder = named is { Length: > 0 } ? named : Path.Combine(user, "quotient", "kernels");
        try
        {
            return user.Length == 0 && named is null ? null : Directory.CreateDirectory(folder).FullName;
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
            File.Delete(temporary);
        }
    }
}
