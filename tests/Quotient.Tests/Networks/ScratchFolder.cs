namespace Quotient.Tests.Networks;

/// <summary>A folder that goes when its test ends.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quotient-networks-");

    public string Path => _folder.FullName;

    public IEnumerable<string> Files =>
        Directory.EnumerateFileSystemEntries(Path).Select(file => System.IO.Path.GetFileName(file)!);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
