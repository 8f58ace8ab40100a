namespace Quotient.Data.Published;

/// <summary>A file with a unique name, in the folder of the file that it is to become; removed when disposed, unless kept.</summary>
internal sealed class TemporaryFile(string target) : IDisposable
{
    /// <summary>Where it lies for now.</summary>
    public string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(target) ?? "", $".{System.IO.Path.GetFileName(target)}.{Guid.NewGuid():N}.part");

    /// <summary>Gives the file, checked by now, its name. Another process may have done so first, with the same content.</summary>
    public void Keep()
    {
        try
        {
            File.Move(Path, target, overwrite: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException && File.Exists(target))
        {
            // On Windows a file that another process has open cannot be replaced; nor need it be.
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The error that led here says more than the failure to tidy up after it.
        }
    }
}
