using System.Security.Cryptography;

namespace Quotient.Data.Published;

/// <summary>A published file: its name and hash.</summary>
internal sealed record PublishedFile(string Name, string Sha256)
{
    /// <summary>The whole of the file; another content than the known one is an error.</summary>
    public byte[] Read(string folder) => Read(Path.Combine(folder, Name), Path.Combine(folder, Name));

    /// <summary>The same, of a file that lies elsewhere for now.</summary>
    public byte[] Read(string path, string shown)
    {
        byte[] bytes = InputFile.ReadAll(path);
        string seen = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return seen == Sha256
            ? bytes
            : throw new QuotientException(
                $"{shown}: has the SHA-256 {seen}, expected {Sha256}: it is damaged or another file; remove it to have it downloaded");
    }
}
