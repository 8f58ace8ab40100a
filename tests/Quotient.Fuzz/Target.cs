using Quotient.Files;

namespace Quotient.Fuzz;

/// <summary>One kind of input: valid ones to begin with, how they are damaged, and what is done with the result.</summary>
/// <param name="name">Its name.</param>
/// <param name="onDisk">Whether its files must lie where a user's do; those of others lie in memory, where writers need not wait.</param>
internal abstract class Target(string name, bool onDisk = false) : IDisposable
{
    /// <summary>Its name in <c>--only</c> and in the counts.</summary>
    public string Name { get; } = name;

    /// <summary>Why it cannot be run here; null where it can.</summary>
    public virtual string? Absence => null;

    /// <summary>What the damaged file is called, as its refusal must say; empty where no file is to be named.</summary>
    public virtual string FileName => "";

    /// <summary>Files of its own, gone when it ends.</summary>
    protected Scratch Folder { get; } = new(onDisk);

    /// <summary>An input of chance: what it is depends on the dice alone.</summary>
    public abstract byte[] Make(Dice dice);

    /// <summary>
    /// Reads an input and, where it is accepted, looks at what was read. A <see cref="QuotientException"/> is a refusal; a
    /// <see cref="WrongException"/>, like every other, is a defect.
    /// </summary>
    /// <returns>Whether the input was accepted.</returns>
    public abstract bool Run(byte[] input, Dice dice);

    /// <summary>Bytes that may be allocated for an input of so many, counted on the thread that reads it.</summary>
    public virtual long MostBytes(int length) => (8L << 20) + (256L * length);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Folder.Dispose();
}

/// <summary>What was accepted is not what it must be.</summary>
internal sealed class WrongException(string message) : Exception(message)
{
    /// <summary>Throws unless something holds.</summary>
    public static void Unless(bool holds, string what)
    {
        if (!holds)
        {
            throw new WrongException(what);
        }
    }
}

/// <summary>A folder that goes when it is no longer needed.</summary>
/// <param name="onDisk">Whether it must not lie in memory.</param>
internal sealed class Scratch(bool onDisk) : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly DirectoryInfo _folder = onDisk ? OnDisk() : Make();

    public string Path => _folder.FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <summary>Removes all that lies in it.</summary>
    public void Clear()
    {
        foreach (var entry in _folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            _folder.Delete(recursive: true);
        }
    }

    private static DirectoryInfo Make()
    {
        try
        {
            var folder = Directory.CreateDirectory(System.IO.Path.Combine(InMemory, $"quotient-fuzz-{Guid.NewGuid():N}"));
            WholeFile.WriteText(System.IO.Path.Combine(folder.FullName, "probe"), "");
            return folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or QuotientException)
        {
            return OnDisk();
        }
    }

    private static DirectoryInfo OnDisk() => Directory.CreateTempSubdirectory("quotient-fuzz-");
}
